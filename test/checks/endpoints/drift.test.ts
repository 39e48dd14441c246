import { describe, expect, it } from 'vitest';
import { sliceLag } from '../../../src/checks/endpoints/slice-lag.ts';
import { createChecks } from '../../../src/checks/run.ts';
import type { Link } from '../../../src/model/link.ts';
import { apply, type Snapshot } from '../../../src/model/snapshot.ts';
import { cases } from '../cases.ts';
import { finding, given, judged } from '../given.ts';
import { ago, entry, now, slice, workload } from '../healthy-cluster.ts';

const three = [0, 1, 2].map((at) => entry(`web-${at}`, at));
const gone = 'kind: CiliumEndpoint\nmetadata: { namespace: shop, name: web-1 }\nremoved: true\n';
const endpoint = (text: string) => `kind: CiliumEndpoint\nmetadata: { namespace: shop, name: web-1 }\n${text}`;
/** The slice as it is after this. */
const holds = (entries: readonly object[], manager?: string, time?: string) => [
  slice('ces-shop-1', 'shop', entries as never, manager, time),
];
const slicesOff = `
kind: ConfigMap
metadata: { namespace: kube-system, name: cilium-config }
data: { enable-cilium-endpoint-slice: 'false' }
`;
const missing = 'endpoints/missing-from-slices: 1 endpoint in no slice';
const identity = 'endpoints/slice-identity-differs: 1 endpoint with another identity in the slice';

cases('endpoints/missing-from-slices', {
  'an endpoint in no slice': { also: holds([three[0] ?? {}, three[2] ?? {}]), tells: [missing] },
  'made half a minute ago': {
    also: holds([three[0] ?? {}, three[2] ?? {}]),
    over: endpoint('').replace('web-1 }', 'web-1, creationTimestamp: <30s ago> }'),
    tells: [],
  },
  'whose agent has not finished writing it': {
    also: holds([three[0] ?? {}, three[2] ?? {}]),
    over: endpoint('status: { identity: null }'),
    tells: [],
  },
  'where slices are off, everything would be missing': { also: holds([]), over: slicesOff, tells: [] },
  'while the slice was written seconds ago': {
    also: holds([three[0] ?? {}, three[2] ?? {}], 'cilium-operator-generic', ago(10_000)),
    // The slice says nothing of an endpoint it does not hold, so only its own age could excuse it.
    tells: [missing],
  },
});

cases('endpoints/stale-slice-entry', {
  'an entry whose endpoint is gone': {
    also: holds([...three, entry('web-9', 9)]),
    tells: ['endpoints/stale-slice-entry: 1 slice entry of endpoints that are gone'],
  },
  'in a slice the operator wrote half a minute ago': {
    also: holds([...three, entry('web-9', 9)], 'cilium-operator-generic', ago(30_000)),
    tells: [],
  },
  'in a slice somebody else wrote half a minute ago': {
    also: holds([...three, entry('web-9', 9)], 'kubectl-edit', ago(30_000)),
    tells: ['endpoints/stale-slice-entry: 1 slice entry of endpoints that are gone'],
  },
});

cases('endpoints/slice-identity-differs', {
  'another identity': { also: holds([three[0] ?? {}, entry('web-1', 1, 31_000), three[2] ?? {}]), tells: [identity] },
  'edited by hand this moment': {
    also: holds([three[0] ?? {}, entry('web-1', 1, 31_000), three[2] ?? {}], 'kubectl-edit', ago(1_000)),
    tells: [identity],
  },
  'labels changed half a minute ago': {
    also: holds([three[0] ?? {}, entry('web-1', 1, 31_000), three[2] ?? {}]),
    over: endpoint('status: { log: [{ code: OK, state: ready, timestamp: <30s ago> }] }'),
    tells: [],
  },
});

cases('endpoints/slice-address-differs', {
  'another address': {
    also: holds([
      three[0] ?? {},
      { ...entry('web-1', 1), networking: { addressing: [{ ipv4: '10.244.0.77' }] } },
      three[2] ?? {},
    ]),
    tells: ['endpoints/slice-address-differs: 1 endpoint with another address in the slice'],
  },
});

cases('endpoints/duplicate-in-slices', {
  'in two slices': {
    also: [slice('ces-shop-2', 'shop', [three[1] ?? {}])],
    tells: ['endpoints/duplicate-in-slices: 1 endpoint in more than one slice'],
  },
  'one of the same name in another namespace is another endpoint': {
    also: [...workload('pay', 'web-1', 'np1-1', 40), slice('ces-pay-1', 'pay', [entry('web-1', 40)])],
    tells: [],
  },
});

cases('endpoints/address-conflict', {
  'an address given away, the old entry left behind': {
    also: holds([...three, entry('old-1', 1, 31_000)]),
    tells: [
      'endpoints/address-conflict: 1 address held by two endpoints',
      'endpoints/stale-slice-entry: 1 slice entry of endpoints that are gone',
    ],
  },
});

cases('endpoints/pod-without-endpoint', {
  'a pod that lost its endpoint, and the entry left of it': {
    over: gone,
    tells: [
      'endpoints/pod-without-endpoint: 1 running pod without a CiliumEndpoint',
      'endpoints/stale-slice-entry: 1 slice entry of endpoints that are gone',
    ],
  },
  'a pod that starts': {
    over: [
      gone,
      `
kind: Pod
metadata: { namespace: shop, name: web-1, creationTimestamp: <40s ago> }
status: { conditions: [{ type: PodScheduled, status: 'True', lastTransitionTime: <40s ago> }] }
`,
    ],
    also: holds([three[0] ?? {}, three[2] ?? {}]),
    tells: [],
  },
  ...Object.fromEntries(
    [
      ['on the host’s network', 'spec: { hostNetwork: true }'],
      ['that ends', 'status: { phase: Succeeded }'],
      ['being deleted', '', ', deletionTimestamp: <5s ago>'],
      ['without an address', 'status: { podIP: null, podIPs: null }'],
    ].map(([name, text, more = '']) => [
      `a pod ${name}`,
      {
        over: [gone, `kind: Pod\nmetadata: { namespace: shop, name: web-1${more} }\n${text}\n`],
        also: holds([three[0] ?? {}, three[2] ?? {}]),
        tells: [],
      },
    ]),
  ),
  'where agents write no endpoints': {
    over: [
      gone,
      "kind: ConfigMap\nmetadata: { namespace: kube-system, name: cilium-config }\ndata: { disable-endpoint-crd: 'true' }",
    ],
    also: holds([three[0] ?? {}, three[2] ?? {}]),
    tells: [],
  },
});

cases('endpoints/stale-endpoint', {
  'an endpoint with another address than its pod': {
    over: 'kind: Pod\nmetadata: { namespace: shop, name: web-1 }\nstatus: { podIP: 10.244.0.88, podIPs: [{ ip: 10.244.0.88 }] }',
    tells: ['endpoints/stale-endpoint: 1 CiliumEndpoint with another address than the pod'],
  },
});

cases('endpoints/stuck', {
  'no identity for five minutes': {
    over: endpoint(
      'status: { state: waiting-for-identity, log: [{ state: waiting-for-identity, timestamp: <5m ago> }] }',
    ),
    tells: ['endpoints/stuck: 1 endpoint stuck in waiting-for-identity'],
  },
  'rebuilding for a minute': {
    over: endpoint('status: { state: regenerating, log: [{ state: regenerating, timestamp: <1m ago> }] }'),
    tells: [],
  },
  'without a time, seen for as long as one waits': {
    over: endpoint('status: { state: not-ready }'),
    tells: ['endpoints/stuck: 1 endpoint stuck in not-ready'],
  },
  'on its way out': { over: endpoint('status: { state: disconnecting }'), tells: [] },
  'its pod is being deleted': {
    over: [
      endpoint('status: { state: not-ready }'),
      'kind: Pod\nmetadata: { namespace: shop, name: web-1, deletionTimestamp: <9s ago> }',
    ],
    tells: [],
  },
});

cases('slices', {
  'over the limit': {
    also: Array.from({ length: 101 }, (_, at) => workload('big', `p-${at}`, 'np1-0', at + 30))
      .flat()
      .concat(
        slice(
          'ces-big-1',
          'big',
          Array.from({ length: 101 }, (_, at) => entry(`p-${at}`, at + 30)),
        ),
      ),
    tells: ['endpoints/slice-over-limit: 1 slice over the limit of 100 endpoints'],
  },
  'over a limit that cilium-config sets': {
    over: "kind: ConfigMap\nmetadata: { namespace: kube-system, name: cilium-config }\ndata: { ces-max-ciliumendpoints-per-ces: '2' }",
    tells: ['endpoints/slice-over-limit: 1 slice over the limit of 2 endpoints'],
  },
  'exactly at the limit': {
    also: Array.from({ length: 100 }, (_, at) => workload('big', `p-${at}`, 'np1-0', at + 30))
      .flat()
      .concat(
        slice(
          'ces-big-1',
          'big',
          Array.from({ length: 100 }, (_, at) => entry(`p-${at}`, at + 30)),
        ),
      ),
    tells: [],
  },
  'empty for long': {
    also: [slice('ces-x-1', 'x', [])],
    tells: ['endpoints/slice-empty: 1 empty slice not deleted'],
  },
  'empty for a minute': { also: [slice('ces-x-1', 'x', [], 'cilium-operator-generic', ago(60_000))], tells: [] },
  'on below Kubernetes 1.32': {
    kubernetes: 'v1.27.9',
    tells: ['endpoints/slices-unsupported-version: slices are on, but Kubernetes v1.27.9 has no support for them'],
  },
  'off below Kubernetes 1.32': { kubernetes: 'v1.27.9', over: slicesOff, tells: [] },
});

describe('while the operator writes as fast as it may', () => {
  const stale = holds([...three, entry('web-9', 9)]);
  const writing = (n: number) =>
    Array.from({ length: n }, (_, at) => {
      const name = `w-${at}`;
      return [
        ...workload(`ns-${at}`, name, 'np1-0', at + 30),
        slice(`ces-w-${at}`, `ns-${at}`, [entry(name, at + 30)], 'cilium-operator-generic', ago(5_000)),
      ];
    }).flat();
  const found = (n: number, limits?: string) =>
    judged({
      also: [...stale, ...writing(n)],
      over: limits
        ? `kind: ConfigMap\nmetadata: { namespace: kube-system, name: cilium-config }\ndata: { ces-rate-limits: '${limits}' }`
        : '',
    }).findings.map(({ id }) => id);

  it('what disagrees is its queue', () => expect(found(80)).toEqual([]));
  it('and is not below that', () => expect(found(79)).toEqual(['endpoints/stale-slice-entry']));
  it('by the limit it was given for so many nodes', () => {
    expect(found(80, '[{"nodes":0,"limit":20},{"nodes":100,"limit":50}]')).toEqual(['endpoints/stale-slice-entry']);
    expect(found(20, '[{"nodes":3,"limit":2},{"nodes":0,"limit":20}]')).toEqual([]);
    expect(found(80, 'no json')).toEqual([]);
    expect(found(80, '{}')).toEqual([]);
  });
});

describe('drift', () => {
  const wrong = {
    also: holds([three[0] ?? {}, entry('web-1', 1, 31_000), three[2] ?? {}], 'kubectl-edit', ago(60_000)),
  };

  it('names the endpoint, both identities, the slice and who wrote it', () => {
    expect(finding(wrong, 'endpoints/slice-identity-differs').evidence).toContain(
      'CiliumEndpoint shop/web-1 10.244.0.11: slice says 31000, endpoint 20000 (ces-shop-1, last written 11:59Z by kubectl-edit)',
    );
  });

  it('does not count what may still be in the operator’s queue', () => {
    const young = { also: holds([...three, entry('web-9', 9)], 'cilium-operator-generic', ago(30_000)) };
    expect(judged(young)).toMatchObject({ findings: [], waiting: [] });
  });
});

describe('endpoints/slice-lag', () => {
  const waiting = (n: number, since: string, written: string) => ({
    also: [
      ...Array.from({ length: n }, (_, at) => workload('jobs', `j-${at}`, 'np1-0', at + 30)).flat(),
      slice('ces-jobs-1', 'jobs', [entry('j-gone', 99)], 'cilium-operator-generic', written),
    ],
    over: Array.from(
      { length: n },
      (_, at) =>
        `kind: CiliumEndpoint\nmetadata: { namespace: jobs, name: j-${at}, creationTimestamp: <${since} ago> }\n`,
    ),
  });

  it('is one finding where many wait while slices are written, and explains the rest', () => {
    const { findings } = judged(waiting(12, '3m', ago(90_000)));
    expect(findings.map(({ id, title }) => `${id}: ${title}`)).toEqual([
      'endpoints/slice-lag: slices lag: 12 endpoints wait longer than a minute, the oldest 3m',
    ]);
    expect(findings[0]?.explains).toMatchObject([
      { id: 'endpoints/missing-from-slices', title: '12 endpoints in no slice', reach: '12 pods' },
      { id: 'endpoints/stale-slice-entry', title: '1 slice entry of endpoints that are gone', reach: '1 pod' },
    ]);
  });

  it('is not told of what the watch missed while it was broken, until it has caught up', () => {
    const link = (snapshot: Snapshot, phase: Link['phase'], at: number) =>
      apply(snapshot, [{ type: 'link', source: 'ciliumEndpointSlices', link: { phase, heard: at } }], at);
    const before = given(waiting(12, '3m', ago(90_000)));
    const after = link(link(before, 'stale', now - 60_000), 'live', now);
    const fresh = createChecks({ checks: [sliceLag] });
    expect(fresh.judge(after, now + 1_000).findings).toEqual([]);
    expect(fresh.judge(after, now + 4_500).findings).toEqual([]);
    expect(fresh.judge(after, now + 7_000).findings).toHaveLength(1);
    const known = createChecks({ checks: [sliceLag] });
    expect(known.judge(before, now - 61_000).findings).toHaveLength(1);
    expect(known.judge(after, now + 1_000).findings).toHaveLength(1);
  });

  it('is not told of what only looks old since the server’s clock jumped, until it has waited for a minute', () => {
    const skew = 600_000;
    const before = given(waiting(12, '10m', ago(90_000)));
    const after = apply(before, [{ type: 'cluster', cluster: { skew } }], now + 1_000 - skew);
    const checks = createChecks();
    const told = (seconds: number) => checks.judge(after, now + seconds * 1_000).findings.map(({ id }) => id);
    for (const seconds of [2, 10, 30]) expect(told(seconds)).toEqual([]);
    expect(told(63)).toContain('endpoints/slice-lag');
  });

  it('is none for a few, nor where nothing is written at all', () => {
    const ids = (what: Parameters<typeof judged>[0]) => judged(what).findings.map(({ id }) => id);
    expect(ids(waiting(9, '3m', ago(90_000)))).toContain('endpoints/missing-from-slices');
    expect(ids(waiting(9, '3m', ago(90_000)))).not.toContain('endpoints/slice-lag');
    expect(ids(waiting(12, '20m', ago(15 * 60_000)))).not.toContain('endpoints/slice-lag');
  });
});
