// What agents of a simulated cluster answer, held against its objects: nothing where all is well, and of each lie just that.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createChecks } from '../../src/checks/run.ts';
import type { TruthTarget } from '../../src/model/truth/truth.ts';
import type { Causes } from '../../src/simulator/world/causes.ts';
import { type WatchedCluster, watchCluster } from '../wire/watched-cluster.ts';

let cluster: WatchedCluster;
beforeAll(async () => {
  cluster = await watchCluster({ scenario: 'healthy', config: { truthAgainMs: 100 } });
  await cluster.allLive(20_000);
}, 30_000);
afterAll(() => cluster.close());

const never = new AbortController().signal;
const nodes = () => [...cluster.snapshot().tables.nodes.rows.values()].map(({ name }) => name).sort();
const check = (target: TruthTarget) => cluster.sources.asks.truthCheck(target, never);
const on = (name: string) => check({ kind: 'Node', name });
const change = (causes: Partial<Causes>) => cluster.simulator.world?.change(causes);

test('a healthy cluster agrees with itself, node by node and pod by pod, within few commands', async () => {
  for (const name of nodes()) {
    const result = await on(name);
    expect(result).toMatchObject({ node: name, differences: [], notCompared: [] });
    expect(result.commands).toBeLessThanOrEqual(8);
    expect(new Set(result.compared.map(({ aspect }) => aspect))).toEqual(
      new Set(['objects', 'endpoint', 'policy-map', 'ipcache', 'backends', 'identities', 'maps']),
    );
    expect(result.compared.find(({ noun }) => noun === 'connection')?.count).toBeGreaterThan(10);
  }
  const pod = [...cluster.snapshot().tables.pods.rows.values()].find(({ namespace }) => namespace !== 'kube-system');
  const result = await check({ kind: 'Pod', namespace: pod?.namespace ?? '', name: pod?.name ?? '' });
  expect(result).toMatchObject({
    differences: [],
    notCompared: [],
    sampled: expect.arrayContaining([expect.any(String)]),
  });
});

describe('an agent that has it wrong', () => {
  afterEach(() => change({ emptyPolicyMaps: [], staleBackends: [], staleIpcache: [] }));

  test('an empty policy map, and nothing else (AKS#5969)', async () => {
    for (const name of nodes()) {
      change({ emptyPolicyMaps: [{ nodes: [name] }] });
      const { differences } = await on(name);
      expect(differences).toMatchObject([{ type: 'policy-map-empty', node: name, object: { kind: 'Pod' } }]);
      expect(differences[0]?.intended.text).toMatch(/ready and enforces .*, policy revisions equal/);
    }
  });

  test('backends that no slice has (cilium#48050)', async () => {
    const [name = ''] = nodes();
    change({ staleBackends: [{ nodes: [name] }] });
    const { differences } = await on(name);
    expect(new Set(differences.map(({ type }) => type))).toEqual(new Set(['backend-leftover']));
    expect(differences[0]).toMatchObject({
      object: { kind: 'Service' },
      realised: { text: expect.stringMatching(/sends to/) },
    });
  });

  test('an address taken for another’s, and one not known at all', async () => {
    const [name = '', other = ''] = nodes();
    change({ staleIpcache: [{ nodes: [name] }] });
    const { differences } = await on(name);
    expect(differences.map(({ type }) => type).sort()).toEqual(['ipcache-identity', 'ipcache-missing']);
    // From the other node it is one of those that are sampled.
    const seen = await on(other);
    expect(seen.differences.every((one) => one.node === name && one.aspect === 'ipcache')).toBe(true);
    const missing = differences.find(({ type }) => type === 'ipcache-missing');
    const { namespace = '', name: pod = '' } = missing?.object ?? {};
    const one = await check({ kind: 'Pod', namespace, name: pod });
    expect(one.differences).toMatchObject([{ type: 'ipcache-missing', node: name }]);
    // Put right, a look at the pod takes back what was told of it at the node.
    change({ staleIpcache: [] });
    await check({ kind: 'Pod', namespace, name: pod });
    const told = cluster.snapshot().facts.truth?.value?.results.flatMap((result) => result.differences) ?? [];
    expect(told.map(({ type }) => type)).not.toContain('ipcache-missing');
    expect(told.map(({ type }) => type)).toContain('ipcache-identity');
  });
});

test('what differs is a finding with both sides, until another look finds it gone', async () => {
  const [name = ''] = nodes();
  const told = () =>
    createChecks()
      .judge(cluster.snapshot(), Date.now())
      .findings.filter(({ id }) => id.startsWith('truth/'));
  for (const each of nodes()) await on(each);
  expect(told()).toEqual([]);
  change({
    emptyPolicyMaps: [{ nodes: [name] }],
    staleBackends: [{ nodes: [name] }],
    staleIpcache: [{ nodes: [name] }],
  });
  await on(name);
  const findings = told();
  expect(findings.map(({ id }) => id).sort()).toEqual([
    'truth/backends-differ',
    'truth/ipcache-differs',
    'truth/policy-map-empty',
  ]);
  for (const { evidence } of findings)
    expect(evidence[0]).toMatch(/intended .* \(.*\); realised .* \(cilium-dbg .*Z\)/);
  change({ emptyPolicyMaps: [], staleBackends: [], staleIpcache: [] });
  expect(told().length).toBe(3);
  await on(name);
  expect(told()).toEqual([]);
});

test('WireGuard without handshakes with one node, as that node and its peers see it', { timeout: 30_000 }, async () => {
  const other = await watchCluster({ scenario: 'wireguard-peer-down', config: { truthAgainMs: 100 } });
  try {
    await other.allLive(20_000);
    const found = new Map<string, string[]>();
    for (const { name } of other.snapshot().tables.nodes.rows.values()) {
      const { differences } = await other.sources.asks.truthCheck({ kind: 'Node', name }, never);
      found.set(
        name,
        differences.map(({ type, object }) => `${type} ${object.name}`),
      );
    }
    const down = [...found.keys()].find((name) => name.includes('np2')) ?? '';
    const expected = (name: string) => (name === down ? [] : [`encryption-handshake ${down}`]);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries([...found.keys()].map((name) => [name, expected(name)])),
    );
  } finally {
    await other.close();
  }
});

describe('what cannot be had', () => {
  afterEach(() => cluster.simulator.faults.clear());

  test('without the right to run commands the objects alone are compared, and it says so', async () => {
    cluster.simulator.faults.add({ id: 'exec-refused' });
    const [name = ''] = nodes();
    const result = await on(name);
    expect(result.commands).toBe(1);
    expect(result.compared.map(({ aspect }) => aspect)).toEqual(['objects']);
    const refused = result.notCompared.map(({ aspect, reason }) => `${aspect}: ${reason}`);
    expect(refused[0]).toMatch(/^endpoint: No permission: run commands in pods/);
    expect(refused.length).toBeGreaterThanOrEqual(4);
  });

  test('one answer that does not come is one part that is missing', async () => {
    const [name = ''] = nodes();
    cluster.simulator.faults.add({ id: 'exec-dropped', count: 1 });
    const result = await on(name);
    expect(result.differences).toEqual([]);
    expect(result.notCompared).toMatchObject([
      { aspect: 'endpoint', node: name, reason: expect.stringMatching(/broke/) },
    ]);
    expect(result.compared.map(({ aspect }) => aspect)).toContain('ipcache');
  });

  test.each<TruthTarget>([
    { kind: 'Node', name: 'nowhere' },
    { kind: 'Pod', namespace: 'shop', name: 'gone' },
  ])('there is no such target: $name', async (target) => {
    await expect(check(target)).rejects.toThrow(/There is no (Node nowhere|Pod shop\/gone) here/);
  });
});
