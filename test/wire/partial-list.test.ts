import { afterEach, expect, test } from 'vitest';
import { checks } from '../../src/checks/index.ts';
import { whyNot } from '../../src/checks/why-not.ts';
import type { Link } from '../../src/model/link.ts';
import { type WatchedCluster, watchCluster } from './watched-cluster.ts';

let cluster: WatchedCluster;
afterEach(() => cluster?.close());

test('a list that breaks off half-way: its rows are shown, but nothing follows from what is not among them', async () => {
  const pods = 600;
  cluster = await watchCluster({
    extraEndpoints: pods,
    config: { watchList: 'never' },
    // Every other list: the first, and of the second its second page.
    faults: [{ id: 'server-errors', verb: 'list', resource: 'ciliumendpoints' }],
  });
  const isHalf = ({ phase, loaded = 0 }: Link) => phase === 'failed' && loaded > 0;
  await cluster.until('broken off', ({ links }) => isHalf(links.get('ciliumEndpoints') ?? { phase: 'live', heard: 0 }));
  const snapshot = cluster.snapshot();
  expect(snapshot.tables.ciliumEndpoints.rows.size).toBe(500);
  const check = checks.find(({ id }) => id === 'endpoints/pod-without-endpoint');
  expect(check && whyNot(check, snapshot, Date.now())).toEqual({
    text: 'not read to the end: ciliumendpoints',
    rows: 'none',
  });
  await cluster.simulator.faults.clear();
  await cluster.allLive(20_000);
  expect(cluster.snapshot().tables.ciliumEndpoints.rows.size).toBeGreaterThan(pods);
  const phases = cluster.changes.flatMap((change) =>
    change.type === 'link' && change.source === 'ciliumEndpoints' ? [change.link.phase] : [],
  );
  expect(phases).not.toContain('stale');
});
