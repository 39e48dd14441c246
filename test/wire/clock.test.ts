import { afterEach, expect, it } from 'vitest';
import { createChecks } from '../../src/checks/run.ts';
import { serverTime } from '../../src/model/server-time.ts';
import { type WatchedCluster, watchCluster } from './watched-cluster.ts';

let cluster: WatchedCluster | undefined;
afterEach(() => cluster?.close());

const minute = 60_000;

it('a server whose clock is ten minutes ahead: every age is counted by it', { timeout: 60_000 }, async () => {
  cluster = await watchCluster({ scenario: 'agent-crash-loop', faults: [{ id: 'clock-skew' }] });
  await cluster.allLive(30_000);
  const snapshot = cluster.snapshot();
  expect(Math.abs((snapshot.cluster.skew ?? 0) - 10 * minute)).toBeLessThan(3_000);

  const told = cluster.changes.findIndex((change) => change.type === 'cluster' && change.cluster.skew !== undefined);
  const firstRow = cluster.changes.findIndex(({ type }) => type === 'put');
  expect(told).toBeGreaterThanOrEqual(0);
  expect(told).toBeLessThan(firstRow);

  const now = serverTime(snapshot, Date.now());
  for (const { heard } of snapshot.links.values())
    if (heard > 0) expect(Math.abs(now - heard)).toBeLessThan(0.5 * minute);
  expect(Math.abs(now - snapshot.timeline.watchedSince)).toBeLessThan(minute);

  const crashLoop = (at: number) =>
    createChecks()
      .judge(snapshot, at)
      .findings.find(({ id }) => id === 'agents/crash-looping');
  const age = now - (crashLoop(now)?.since ?? now);
  expect(age).toBeGreaterThan(2 * minute);
  expect(age).toBeLessThan(60 * minute);
});

it('a table that is asked for is dated by it, too', { timeout: 60_000 }, async () => {
  cluster = await watchCluster({ faults: [{ id: 'clock-skew' }] });
  await cluster.allLive(30_000);
  const { asks } = cluster.sources;
  const [nodes] = (await asks.resources(new AbortController().signal)).filter(({ plural }) => plural === 'nodes');
  if (nodes === undefined) throw new Error('no nodes');
  for await (const event of asks.table(nodes, {}, new AbortController().signal)) {
    if (event.type !== 'phase' || event.phase !== 'live') continue;
    const now = serverTime(cluster.snapshot(), Date.now());
    expect(Math.abs(now - event.heard)).toBeLessThan(0.5 * minute);
    return;
  }
  throw new Error('never live');
});
