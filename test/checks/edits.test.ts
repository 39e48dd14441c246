import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, api } from '../commands/api.ts';
import { run, type Simulated, simulate } from '../commands/program.ts';

// What people do with kubectl on a cluster in which nothing else moves, each on a cluster as the edit before left it.

let cluster: Simulated;
let call: Api;

beforeAll(async () => {
  cluster = await simulate(['--scenario', 'healthy', '--churn', '0']);
  call = api(cluster.kubeconfig);
}, 180_000);
afterAll(() => cluster?.stop());

type Listed = { items: { metadata: { name: string; namespace: string }; endpoints?: { id: number }[] }[] };
const list = async (path: string) => ((await call('GET', path)) as unknown as Listed).items;
const found = async () => {
  const { stdout } = await run(['check', '--json', '--timeout', '120s'], { KUBECONFIG: cluster.kubeconfig });
  return (JSON.parse(stdout) as { findings: { id: string; title: string; objects: { name: string }[] }[] }).findings;
};
const ids = async () => (await found()).map(({ id }) => id).sort();

const slices = '/apis/cilium.io/v2alpha1/ciliumendpointslices';
const endpoints = '/apis/cilium.io/v2/ciliumendpoints';

it('a healthy cluster to begin with', async () => {
  expect(await ids()).toEqual([]);
});

it('the identity of a slice entry is edited', async () => {
  const [slice] = await list(slices);
  const [first, ...others] = slice?.endpoints ?? [];
  const path = `${slices}/${slice?.metadata.name}?fieldManager=kubectl-edit`;
  await call('PATCH', path, { endpoints: [{ ...first, id: 61_234 }, ...others] });
  expect(await ids()).toEqual(['endpoints/slice-identity-differs']);
  await call('PATCH', path, { endpoints: [first, ...others] });
});

it('a node is labelled so that its agent goes', { timeout: 240_000 }, async () => {
  const node = (await list('/api/v1/nodes')).at(-1)?.metadata.name;
  await call('PATCH', `/api/v1/nodes/${node}`, { metadata: { labels: { type: 'virtual-kubelet' } } });
  await expect.poll(ids, { timeout: 60_000, interval: 2_000 }).toEqual(['agents/missing-on-node']);
  await call('PATCH', `/api/v1/nodes/${node}`, { metadata: { labels: { type: null } } });
  await expect.poll(ids, { timeout: 120_000, interval: 2_000 }).toEqual([]);
});

it('a node is tainted as if its agent were not ready', async () => {
  const node = (await list('/api/v1/nodes'))[0]?.metadata.name;
  const spec = { taints: [{ key: 'node.cilium.io/agent-not-ready', effect: 'NoSchedule' }] };
  await call('PATCH', `/api/v1/nodes/${node}`, { spec });
  expect(await found()).toMatchObject([{ id: 'nodes/agent-not-ready-taint', objects: [{ kind: 'Node', name: node }] }]);
  await call('PATCH', `/api/v1/nodes/${node}`, { spec: { taints: null } });
});

it('a CiliumEndpoint is deleted', async () => {
  const { namespace, name } = (await list(endpoints))[0]?.metadata ?? {};
  await call('DELETE', `/apis/cilium.io/v2/namespaces/${namespace}/ciliumendpoints/${name}`);
  expect(await found()).toMatchObject([
    { id: 'endpoints/pod-without-endpoint', objects: [{ kind: 'Pod', namespace, name }] },
  ]);
});
