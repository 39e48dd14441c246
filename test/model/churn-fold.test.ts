import { describe, expect, test } from 'vitest';
import { apply, emptySnapshot, type Snapshot } from '../../src/model/snapshot.ts';
import { afterPut, noon, putsOf, snapshotOf } from '../fixtures/snapshot-of.ts';

function endpoint(
  name: string,
  version: number,
  more: { id?: number; ip?: string; node?: string; state?: string } = {},
): string {
  const { id = 7, ip = '10.1.0.1', node = '10.0.0.4', state = 'ready' } = more;
  return `
---
{kind: CiliumEndpoint, metadata: {name: ${name}, namespace: shop, uid: e-${name}, resourceVersion: "${version}"},
  status: {state: ${state}, identity: {id: ${id}}, networking: {node: ${node}, addressing: [{ipv4: ${ip}}]}}}`;
}

const slice = (version: number, ...names: string[]) => `
---
{kind: CiliumEndpointSlice, metadata: {name: s, uid: s, resourceVersion: "${version}"}, namespace: shop,
  endpoints: [${names.map((name) => `{name: ${name}, id: 7, networking: {node: 10.0.0.4, addressing: [{ipv4: 10.1.0.1}]}}`).join(', ')}]}`;

/** An address with `!` is not ready. */
const service = (version: number, ...ips: string[]) => `
---
{kind: EndpointSlice, metadata: {name: web-x, namespace: shop, uid: k, resourceVersion: "${version}", labels: {kubernetes.io/service-name: web}},
  endpoints: [${ips.map((ip) => `{addresses: [${ip.replace('!', '')}], conditions: {ready: ${!ip.startsWith('!')}}}`).join(', ')}]}`;

const pod = (version: number, ip: string) => `
---
{kind: Pod, metadata: {name: a, namespace: shop, uid: p, resourceVersion: "${version}"}, spec: {nodeName: n1}, status: {phase: Running${ip === '' ? '' : `, podIP: ${ip}`}}}`;

function stream(snapshot: Snapshot): string[] {
  return snapshot.churn.stream.map((one) => `${one.what} ${one.namespace}/${one.name} ${one.detail}`);
}

describe('the stream', () => {
  test('a list is no churn', () => expect(stream(snapshotOf(endpoint('a', 1)))).toEqual([]));

  test.each([
    ['added', '', endpoint('a', 1), ['added shop/a 10.1.0.1']],
    ['moved', endpoint('a', 1), endpoint('a', 2, { node: '10.0.0.5' }), ['moved shop/a node 10.0.0.4 → 10.0.0.5']],
    ['another identity', endpoint('a', 1), endpoint('a', 2, { id: 8 }), ['identity shop/a 7 → 8']],
    ['another address', endpoint('a', 1), endpoint('a', 2, { ip: '10.1.0.2' }), ['address shop/a 10.1.0.1 → 10.1.0.2']],
    [
      'another state',
      endpoint('a', 1, { state: 'regenerating' }),
      endpoint('a', 2),
      ['state shop/a regenerating → ready'],
    ],
    [
      'two at once',
      endpoint('a', 1),
      endpoint('a', 2, { id: 8, state: '""' }),
      ['identity shop/a 7 → 8', 'state shop/a ready → none'],
    ],
    ['nothing that matters', endpoint('a', 1), endpoint('a', 2), []],
    ['a slice', slice(1, 'a', 'b'), slice(2, 'b', 'c', 'd'), ['slice-changed shop/s 2 in, 1 out']],
    ['a new Kubernetes slice', '', service(1, '10.1.0.1'), ['service-added shop/web-x web: 1 in']],
    [
      'addresses of a service',
      service(1, '10.1.0.1', '10.1.0.2', '!10.1.0.3'),
      service(2, '10.1.0.2', '10.1.0.3', '10.1.0.4'),
      ['service-changed shop/web-x web: 1 in, 1 out, 1 ready'],
    ],
    ['a service whose addresses stay', service(1, '10.1.0.1'), service(2, '10.1.0.1'), []],
    ['a new slice', '', slice(1, 'a'), ['slice-added shop/s 1 in, 0 out']],
  ])('%s', (_, before, after, told) => expect(stream(afterPut(snapshotOf(before), after, noon + 10))).toEqual(told));

  test('gone', () => {
    const after = apply(
      snapshotOf(endpoint('a', 1)),
      [{ type: 'remove', kind: 'ciliumEndpoints', uids: ['e-a'], at: noon }],
      noon,
    );
    expect(stream(after)).toEqual(['gone shop/a 10.1.0.1']);
  });

  test('keeps 500 and says how many fell out', () => {
    const many = Array.from({ length: 1_300 }, (_, index) => endpoint(`p${index}`, index)).join('');
    const { churn } = afterPut(snapshotOf(''), many, noon);
    expect([churn.stream.length, churn.dropped, churn.stream.at(-1)?.name]).toEqual([500, 800, 'p1299']);
  });
});

test('per second, oldest first, without the running one; by namespace over a minute', () => {
  let snapshot = snapshotOf('');
  snapshot = afterPut(snapshot, endpoint('a', 1) + endpoint('b', 1), noon + 100);
  snapshot = afterPut(snapshot, endpoint('a', 2, { id: 9 }) + slice(1, 'a'), noon + 1_100);
  snapshot = apply(snapshot, [], noon + 2_000);
  expect(snapshot.churn.perSecond).toHaveLength(120);
  expect(snapshot.churn.perSecond.slice(-3)).toEqual([0, 2, 1]);
  expect(snapshot.churn.slicesPerSecond.slice(-3)).toEqual([0, 0, 1]);
  expect(snapshot.churn.byNamespace).toEqual([{ namespace: 'shop', changes: 3 }]);
  snapshot = apply(snapshot, [], noon + 70_000);
  expect(snapshot.churn.byNamespace).toEqual([]);
});

describe('lag', () => {
  test('endpoint to slice', () => {
    let snapshot = afterPut(snapshotOf(''), endpoint('a', 1) + endpoint('b', 1), noon);
    snapshot = apply(snapshot, [], noon + 1_000);
    expect([snapshot.churn.waiting, snapshot.churn.waitingSince]).toEqual([2, noon]);
    snapshot = apply(afterPut(snapshot, slice(1, 'a'), noon + 2_000), [], noon + 3_000);
    expect(snapshot.churn.waiting).toBe(1);
    expect(snapshot.churn.endpointToSlice.count).toBe(1);
    expect(Math.abs(snapshot.churn.endpointToSlice.p50 - 2_000)).toBeLessThan(200);
  });

  test('an endpoint deleted while it waits waits no more', () => {
    let snapshot = afterPut(snapshotOf(''), endpoint('a', 1), noon);
    snapshot = apply(snapshot, [{ type: 'remove', kind: 'ciliumEndpoints', uids: ['e-a'], at: noon }], noon + 1_000);
    expect([snapshot.churn.waiting, snapshot.churn.waitingSince]).toEqual([0, 0]);
  });

  test('endpoints that may no longer be read wait no more', () => {
    let snapshot = afterPut(snapshotOf(''), endpoint('a', 1), noon);
    const clear = { type: 'clear', source: 'ciliumEndpoints', kind: 'ciliumEndpoints', at: noon } as const;
    snapshot = apply(snapshot, [clear], noon + 1_000);
    expect([snapshot.churn.waiting, snapshot.churn.waitingSince]).toEqual([0, 0]);
  });

  test('an entry with the old identity is not the answer', () => {
    let snapshot = snapshotOf(endpoint('a', 1) + slice(1, 'a'));
    snapshot = afterPut(snapshot, endpoint('a', 2, { id: 8 }), noon + 1_000);
    snapshot = apply(afterPut(snapshot, slice(2, 'a', 'b'), noon + 2_000), [], noon + 3_000);
    expect(snapshot.churn.waiting).toBe(1);
  });

  test('a new slice with the old identity is not the answer either', () => {
    let snapshot = afterPut(snapshotOf(''), endpoint('a', 1, { id: 8 }), noon);
    snapshot = apply(afterPut(snapshot, slice(1, 'a'), noon + 2_000), [], noon + 3_000);
    expect([snapshot.churn.waiting, snapshot.churn.endpointToSlice.count]).toEqual([1, 0]);
  });

  test('what was found by listing anew was not measured', () => {
    let snapshot = afterPut(snapshotOf(''), endpoint('a', 1), noon);
    snapshot = apply(
      snapshot,
      [{ type: 'link', source: 'ciliumEndpointSlices', link: { phase: 'stale', heard: noon } }],
      noon,
    );
    snapshot = apply(afterPut(snapshot, slice(1, 'a'), noon + 60_000), [], noon + 61_000);
    expect([snapshot.churn.waiting, snapshot.churn.endpointToSlice.count]).toEqual([0, 0]);
  });

  const link = (snapshot: Snapshot, phase: 'stale' | 'live', at: number) =>
    apply(snapshot, [{ type: 'link', source: 'ciliumEndpointSlices', link: { phase, heard: at } }], at);

  test('what began before the watch broke was not measured: nobody saw when it ended', () => {
    let snapshot = afterPut(snapshotOf(''), endpoint('a', 1), noon);
    snapshot = link(link(snapshot, 'stale', noon + 1_000), 'live', noon + 41_000);
    snapshot = apply(afterPut(snapshot, slice(1, 'a'), noon + 41_100), [], noon + 43_000);
    expect(snapshot.churn).toMatchObject({ waiting: 0, endpointToSlice: { count: 0 }, resumed: noon + 41_000 });
  });

  test('over a jump of the server’s clock nothing was measured, and what waits may only look old', () => {
    const clock = (snapshot: Snapshot, skew: number, at: number) =>
      apply(snapshot, [{ type: 'cluster', cluster: { skew } }], at);
    let snapshot = clock(snapshotOf(''), 20_000, noon);
    expect(snapshot.churn.resumed).toBe(0);
    snapshot = afterPut(snapshot, endpoint('a', 1), noon + 20_000);
    snapshot = clock(snapshot, 620_000, noon + 1_000);
    expect(snapshot.churn.resumed).toBe(noon + 621_000);
    snapshot = apply(afterPut(snapshot, slice(1, 'a'), noon + 622_000), [], noon + 3_000);
    expect(snapshot.churn.endpointToSlice.count).toBe(0);
  });

  test('the clock that is heard of before anything is live breaks no watch', () => {
    const snapshot = apply(emptySnapshot(noon), [{ type: 'cluster', cluster: { skew: 600_000 } }], noon);
    expect(snapshot.churn.resumed).toBe(0);
  });

  test('what came as the watch caught up was not measured; what came after it was', () => {
    let snapshot = link(link(snapshotOf(''), 'stale', noon), 'live', noon + 40_000);
    snapshot = afterPut(snapshot, endpoint('a', 1), noon + 40_100);
    snapshot = apply(afterPut(snapshot, slice(1, 'a'), noon + 40_300), [], noon + 42_000);
    expect(snapshot.churn.endpointToSlice.count).toBe(0);
    snapshot = afterPut(snapshot, endpoint('b', 1), noon + 50_000);
    snapshot = apply(afterPut(snapshot, slice(2, 'a', 'b'), noon + 51_000), [], noon + 53_000);
    expect(snapshot.churn.endpointToSlice.count).toBe(1);
  });

  test('pod address to endpoint', () => {
    let snapshot = snapshotOf(pod(1, ''));
    snapshot = afterPut(snapshot, pod(2, '10.1.0.1'), noon + 1_000);
    snapshot = apply(afterPut(snapshot, endpoint('a', 1), noon + 1_500), [], noon + 3_000);
    expect(snapshot.churn.addressToEndpoint.count).toBe(1);
    expect(Math.abs(snapshot.churn.addressToEndpoint.p99 - 500)).toBeLessThan(50);
  });

  test('the endpoint came before the address: no lag', () => {
    let snapshot = snapshotOf(pod(1, '') + endpoint('a', 1));
    snapshot = apply(afterPut(snapshot, pod(2, '10.1.0.1'), noon + 1_000), [], noon + 3_000);
    expect(snapshot.churn.addressToEndpoint).toMatchObject({ p50: 0, p99: 0, count: 1 });
  });

  test('is forgotten after five minutes', () => {
    let snapshot = afterPut(snapshotOf(''), endpoint('a', 1), noon);
    snapshot = afterPut(snapshot, slice(1, 'a'), noon + 1_000);
    expect(apply(snapshot, [], noon + 320_000).churn.endpointToSlice.count).toBe(0);
  });
});

test('counts for slopes are taken once a minute, and only of whole lists', () => {
  let snapshot = snapshotOf(endpoint('a', 1));
  for (let second = 1; second <= 130; second++) snapshot = apply(snapshot, [], noon + second * 1_000);
  expect(snapshot.churn.history.map((point) => [point.at - noon, point.endpoints])).toEqual([
    [0, 1],
    [60_000, 1],
    [120_000, 1],
  ]);
  const partial = apply(
    snapshot,
    [{ type: 'link', source: 'ciliumIdentities', link: { phase: 'stale', heard: noon } }],
    noon + 200_000,
  );
  expect(partial.churn.history).toHaveLength(3);
});

test('several changes of one endpoint in one batch are all told', () => {
  const changes = [
    ...putsOf(endpoint('a', 1), noon),
    ...putsOf(endpoint('a', 2, { id: 8 }), noon),
    ...putsOf(endpoint('a', 3, { id: 9 }), noon),
  ];
  expect(stream(apply(snapshotOf(''), changes, noon))).toEqual([
    'added shop/a 10.1.0.1',
    'identity shop/a 7 → 8',
    'identity shop/a 8 → 9',
  ]);
});
