import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { podEndpointDrift } from '../../src/model/pod-endpoints.ts';
import { sliceDrift, sliceFill } from '../../src/model/slices.ts';
import { apply, type Snapshot } from '../../src/model/snapshot.ts';
import { fc } from '../fixtures/seeded.ts';
import { afterPut, noon, putsOf, snapshotOf } from '../fixtures/snapshot-of.ts';

function endpoint(name: string, id: number, ip: string, version = 1, more = ''): string {
  return `
---
{kind: CiliumEndpoint, metadata: {name: ${name}, namespace: shop, uid: e-${name}, resourceVersion: "${version}", creationTimestamp: "2026-11-22T11:00:00Z"},
  status: {state: ready, identity: {id: ${id}}, networking: {node: 10.0.0.4, addressing: [{ipv4: ${ip}}]}${more}}}`;
}

function slice(name: string, entries: [name: string, id: number, ip: string][], version = 1): string {
  const list = entries.map(
    ([pod, id, ip]) => `{name: ${pod}, id: ${id}, networking: {node: 10.0.0.4, addressing: [{ipv4: ${ip}}]}}`,
  );
  return `
---
{kind: CiliumEndpointSlice, metadata: {name: ${name}, uid: ${name}, resourceVersion: "${version}"}, namespace: shop, endpoints: [${list.join(', ')}]}`;
}

const cases: [what: string, yaml: string, drift: string[]][] = [
  ['in step', endpoint('a', 7, '10.1.0.1') + slice('s', [['a', 7, '10.1.0.1']]), []],
  ['in no slice', endpoint('a', 7, '10.1.0.1'), ['missing a: identity 7, state ready']],
  ['without endpoint', slice('s', [['a', 7, '10.1.0.1']]), ['stale a: no CiliumEndpoint shop/a']],
  [
    'in two slices',
    endpoint('a', 7, '10.1.0.1') + slice('s', [['a', 7, '10.1.0.1']]) + slice('t', [['a', 7, '10.1.0.1']]),
    ['duplicate a: 2 entries'],
  ],
  [
    'twice in one slice',
    endpoint('a', 7, '10.1.0.1') +
      slice('s', [
        ['a', 7, '10.1.0.1'],
        ['a', 7, '10.1.0.1'],
      ]),
    ['duplicate a: 2 entries'],
  ],
  [
    'another identity',
    endpoint('a', 7, '10.1.0.1') + slice('s', [['a', 8, '10.1.0.1']]),
    ['identity a: slice says 8, endpoint 7'],
  ],
  [
    'another address',
    endpoint('a', 7, '10.1.0.1') + slice('s', [['a', 7, '10.1.0.9']]),
    ['address a: slice says 10.1.0.9, endpoint 10.1.0.1'],
  ],
  [
    'an address used again while the old entry stays',
    endpoint('new', 7, '10.1.0.1') +
      slice('s', [
        ['old', 8, '10.1.0.1'],
        ['new', 7, '10.1.0.1'],
      ]),
    ['stale old: no CiliumEndpoint shop/old', 'conflict new: shop/new, shop/old'],
  ],
  [
    'not finished by the agent',
    '---\n{kind: CiliumEndpoint, metadata: {name: a, namespace: shop, uid: e}, status: {state: creating}}',
    [],
  ],
  ['an empty slice', slice('s', []), ['empty s: 0 endpoints']],
];

describe('drift', () => {
  test.each(cases)('%s', (_, yaml, drift) => expect(said(snapshotOf(yaml))).toEqual(drift));

  test('a slice above the limit', () => {
    const entries = Array.from({ length: 101 }, (_, index): [string, number, string] => [
      `p${index}`,
      7,
      `10.1.0.${index}`,
    ]);
    const yaml = entries.map(([name, id, ip]) => endpoint(name, id, ip)).join('') + slice('s', entries);
    expect(said(snapshotOf(yaml))).toEqual(['over-limit s: 101 endpoints']);
    expect(sliceFill(snapshotOf(yaml))).toEqual({ slices: 1, endpoints: 101, fullest: 101, most: 100, full: 1 });
  });

  test('the limit is what cilium-config says', () => {
    const limit =
      '\n---\n{kind: ConfigMap, metadata: {name: cilium-config, namespace: kube-system, uid: c}, data: {ces-max-ciliumendpoints-per-ces: "1"}}\n';
    const yaml = endpoint('a', 7, '10.1.0.1') + endpoint('b', 7, '10.1.0.2');
    const held = slice('s', [
      ['a', 7, '10.1.0.1'],
      ['b', 7, '10.1.0.2'],
    ]);
    expect(said(snapshotOf(yaml + held))).toEqual([]);
    expect(said(snapshotOf(yaml + held + limit))).toEqual(['over-limit s: 2 endpoints']);
    expect(sliceFill(snapshotOf(yaml + held + limit))).toMatchObject({ fullest: 2, most: 1, full: 1 });
  });

  test('goes when the operator has caught up, and remembers since when it was seen', () => {
    const first = snapshotOf(endpoint('a', 7, '10.1.0.1') + endpoint('b', 7, '10.1.0.2'));
    expect(sliceDrift(first, noon).map((one) => one.seen)).toEqual([noon, noon]);
    const second = afterPut(first, slice('s', [['a', 7, '10.1.0.1']]), noon + 5_000);
    expect(sliceDrift(second, noon + 5_000).map((one) => [one.name, one.seen])).toEqual([['b', noon]]);
  });

  test('the same entry once more in the same slice is noticed when it comes', () => {
    const first = snapshotOf(endpoint('a', 7, '10.1.0.1') + slice('s', [['a', 7, '10.1.0.1']]));
    expect(said(first)).toEqual([]);
    const entries: [string, number, string][] = [
      ['a', 7, '10.1.0.1'],
      ['a', 7, '10.1.0.1'],
    ];
    expect(said(afterPut(first, slice('s', entries, 2), noon))).toEqual(['duplicate a: 2 entries']);
  });

  test('entries that only change places are judged again where a name stands twice', () => {
    const here = (first: number, second: number, version: number) =>
      slice(
        's',
        [
          ['a', first, '10.1.0.1'],
          ['a', second, '10.1.0.1'],
        ],
        version,
      );
    const first = snapshotOf(endpoint('a', 7, '10.1.0.1') + here(8, 9, 1));
    expect(said(first)).toContain('identity a: slice says 8, endpoint 7');
    expect(said(afterPut(first, here(9, 8, 2), noon))).toContain('identity a: slice says 9, endpoint 7');
  });

  test('since is the endpoint\u2019s own last change', () => {
    const [one] = sliceDrift(
      snapshotOf(endpoint('a', 7, '10.1.0.1', 1, ', log: [{timestamp: "2026-11-22T11:30:00Z"}]')),
      noon,
    );
    expect(one?.since).toBe(Date.parse('2026-11-22T11:30:00Z'));
  });
});

/** Looked at after every step or only at the end: the same. */
test('following changes finds what looking at everything finds', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const entry = fc.tuple(name, fc.integer({ min: 1, max: 2 }), fc.constantFrom('10.1.0.1', '10.1.0.2'));
  const step = fc.oneof(
    fc.record({
      type: fc.constant('endpoint'),
      name,
      id: fc.integer({ min: 1, max: 2 }),
      ip: fc.constantFrom('10.1.0.1', '10.1.0.2'),
    }),
    fc.record({
      type: fc.constant('slice'),
      name: fc.constantFrom('s', 't'),
      entries: fc.array(entry, { maxLength: 3 }),
    }),
    fc.record({ type: fc.constant('gone'), uid: fc.constantFrom('e-a', 'e-b', 'e-c', 's', 't') }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      let followed = snapshotOf('');
      const history: Change[] = [];
      for (const [index, one] of steps.entries()) {
        const changes = changesOf(one as never, index);
        history.push(...changes);
        followed = apply(followed, changes, noon);
        sliceDrift(followed, noon);
      }
      expect(said(followed).sort()).toEqual(said(apply(snapshotOf(''), history, noon)).sort());
    }),
    { numRuns: 60 },
  );
});

describe('pods and endpoints', () => {
  const node = '{kind: Node, metadata: {name: n1, uid: n1}, status: {nodeInfo: {operatingSystem: linux}}}';
  const pod = (more: string, status: string) => `
---
{kind: Pod, metadata: {name: a, namespace: shop, uid: p${more.includes('deletion') ? ', deletionTimestamp: "2026-11-22T11:59:00Z"' : ''}}, spec: {nodeName: n1${more.includes('host') ? ', hostNetwork: true' : ''}}, status: {${status}}}`;
  const up = 'phase: Running, podIP: 10.1.0.1';

  test.each([
    ['has one', pod('', up) + endpoint('a', 7, '10.1.0.1'), []],
    ['has none', pod('', up), ['no-endpoint']],
    ['has one with another address', pod('', up) + endpoint('a', 7, '10.1.0.2'), ['other-address']],
    ['is on the host\u2019s network', pod('host', up), []],
    ['is over', pod('', 'phase: Succeeded, podIP: 10.1.0.1'), []],
    ['goes', pod('deletion', up), []],
    ['has no address yet', pod('', 'phase: Pending'), []],
  ])('a pod that %s', (_, yaml, what) =>
    expect(podEndpointDrift(snapshotOf(node + yaml), noon).map((one) => one.what)).toEqual(what),
  );

  test('not on Windows, not on a virtual kubelet', () => {
    const windows = node.replace('linux', 'windows');
    const virtual = node.replace('uid: n1', 'uid: n1, labels: {type: virtual-kubelet}');
    for (const one of [windows, virtual]) expect(podEndpointDrift(snapshotOf(one + pod('', up)), noon)).toEqual([]);
  });
});

function said(snapshot: Snapshot): string[] {
  return sliceDrift(snapshot, noon).map((one) => `${one.what} ${one.name}: ${one.detail}`);
}

type Step =
  | { type: 'endpoint'; name: string; id: number; ip: string }
  | { type: 'slice'; name: string; entries: [string, number, string][] }
  | { type: 'gone'; uid: string };

function changesOf(step: Step, version: number): Change[] {
  if (step.type === 'endpoint') return putsOf(endpoint(step.name, step.id, step.ip, version), noon);
  if (step.type === 'slice') return putsOf(slice(step.name, step.entries, version), noon);
  const kind = step.uid.startsWith('e-') ? 'ciliumEndpoints' : 'ciliumEndpointSlices';
  return [{ type: 'remove', kind, uids: [step.uid], at: noon }];
}
