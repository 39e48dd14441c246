import { afterEach, expect, test } from 'vitest';
import { nothingFor } from '../nothing-for.ts';
import { type WatchedCluster, watchCluster } from './watched-cluster.ts';

let cluster: WatchedCluster;
afterEach(() => cluster?.close());

/** Every connection breaks; what it comes back to is for the test to say. */
const breakConnections = () => cluster.simulator.faults.add({ id: 'rights-revoked', resource: 'none', count: 1 });
const reads = async (from: number) =>
  (await cluster.asked(from)).filter((one) => one === 'GET namespaces/kube-system').length;

test('another cluster at the same address: no row of the old one survives, and it is said', async () => {
  cluster = await watchCluster();
  await cluster.allLive();
  await cluster.until('its first look', ({ requests }) => (requests.byVerb['GET namespaces'] ?? 0) > 0);
  const { store } = cluster.simulator.cluster;
  const before = cluster.snapshot();
  const seen = cluster.changes.length;
  breakConnections();
  store.remove('Namespace', '', 'kube-system');
  store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } }, 'test');
  await cluster.until('the next epoch', ({ epoch }) => epoch === before.epoch + 1);
  await cluster.allLive();
  expect(cluster.changes.slice(seen).filter(({ type }) => type === 'reset')).toHaveLength(1);
  await cluster.until('told', (now) => /another cluster answers at this address/.test(now.cluster.notice ?? ''));
  expect(cluster.snapshot().cluster.context).toBe(before.cluster.context);
});

test('the same cluster after a break: one look for all that came back, and the rows stay', async () => {
  cluster = await watchCluster();
  await cluster.allLive();
  await cluster.until('its first look', ({ requests }) => (requests.byVerb['GET namespaces'] ?? 0) > 0);
  const { epoch } = cluster.snapshot();
  const from = await cluster.mark();
  breakConnections();
  await cluster.until('looked again', ({ requests }) => (requests.byVerb['GET namespaces'] ?? 0) > 1);
  await cluster.allLive();
  await nothingFor(1_000);
  const asked = await reads(from);
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThanOrEqual(3);
  expect(cluster.snapshot().epoch).toBe(epoch);
});
