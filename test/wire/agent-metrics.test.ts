import { afterEach, expect, it } from 'vitest';
import { type WatchedCluster, watchCluster } from './watched-cluster.ts';

let cluster: WatchedCluster;
afterEach(() => cluster.close());

it('every agent and operator is read through the API server, again and again, and only by GET', async () => {
  cluster = await watchCluster({ scenario: 'healthy', config: { metricsPerSecond: 50 } });
  await cluster.until('the metrics of three agents and two operators', ({ facts }) => {
    const { value, link } = facts.agentMetrics ?? {};
    return link?.phase === 'live' && value?.agents.length === 3 && value.operators.length === 2;
  });
  const { value } = cluster.snapshot().facts.agentMetrics ?? {};
  expect(value?.agents.map(({ node }) => node)).toEqual(
    [...cluster.snapshot().tables.nodes.rows.values()].map(({ name }) => name).sort(),
  );
  expect(value?.agents[0]?.endpointStates).toMatchObject({ ready: expect.any(Number) });
  expect(value).toMatchObject({ read: 5, of: 5, unread: [] });
  const asked = (await cluster.asked()).filter((one) => /proxy/.test(one));
  expect(new Set(asked.map((one) => one.replace(/pods\/.*:/, 'POD:')))).toEqual(
    new Set(['GET POD:9962/proxy/metrics', 'GET POD:9963/proxy/metrics']),
  );
});

it('where the proxy is forbidden, that is said with the right that is missing, and nobody is asked again', async () => {
  cluster = await watchCluster({ scenario: 'healthy', context: 'reader', config: { metricsPerSecond: 50 } });
  await cluster.until('the right is named', ({ facts }) => facts.agentMetrics?.link.phase === 'forbidden');
  expect(cluster.snapshot().facts.agentMetrics?.link.problem).toMatch(/forbidden: get pods\/proxy in kube-system/);
  expect(cluster.snapshot().facts.agentMetrics?.value).toBeUndefined();
  expect((await cluster.asked()).filter((one) => /proxy/.test(one))).toHaveLength(1);
});
