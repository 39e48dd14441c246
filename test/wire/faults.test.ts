// Each thing a server can do to a watcher, on the real wire: what the links say, which rows remain, what it was asked.
import { afterEach, describe, expect, test } from 'vitest';
import { createChecks } from '../../src/checks/run.ts';
import type { Link } from '../../src/model/link.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { nothingFor } from '../nothing-for.ts';
import { applicationPods, createEndpoint, createPod, systemPods } from './seed.ts';
import { phaseOf, type WatchedCluster, type WatchedClusterOptions, watchCluster } from './watched-cluster.ts';

let cluster: WatchedCluster;
afterEach(() => cluster?.close());

async function watched(options: WatchedClusterOptions = {}): Promise<WatchedCluster> {
  cluster = await watchCluster(options);
  await cluster.allLive();
  return cluster;
}

/** Silence is judged ten times as fast as in the field: only for what is about it, as a busy machine is silent at times. */
const impatient = { config: { silenceMs: 1_000 } };

const podNames = (snapshot: Snapshot) => [...snapshot.tables.pods.rows.values()].map((row) => row.name).sort();
const count = (asked: readonly string[], what: string) => asked.filter((one) => one === what).length;

test('the agents are asked for before all else: a sick one is known while no list has come to its end', async () => {
  const faults = [{ id: 'watch-silent', verb: 'watch' }];
  cluster = await watchCluster({ scenario: 'agent-crash-loop', faults });
  const checks = createChecks();
  await cluster.until('it is told', (now) => checks.judge(now, Date.now()).findings.length > 0);
  const { links, tables } = cluster.snapshot();
  expect(checks.judge(cluster.snapshot(), Date.now()).findings.map(({ id }) => id)).toEqual(['agents/crash-looping']);
  expect(links.get('nodes')?.phase).not.toBe('live');
  expect(new Set([...tables.pods.rows.values()].map(({ ownerName }) => ownerName))).toEqual(new Set(['cilium']));
});

describe('a watch that ends', () => {
  test.each(['watch-closed', 'watch-reset'])('%s: goes on from the last version, without a list', async (id) => {
    const { simulator, until, asked, mark } = await watched();
    const from = await mark();
    simulator.faults.add({ id, verb: 'watch', resource: 'ciliumendpoints', count: 2 });
    // The fault takes hold of new watches: end the one that is open.
    simulator.faults.add({ id: 'rights-revoked', resource: 'none', count: 1 });
    for (let i = 0; i < 5; i++) createEndpoint(simulator.cluster.store, 'shop', `new-${i}`);
    await until('all five are there', ({ tables }) => tables.ciliumEndpoints.rows.size === applicationPods + 5);
    await until('live again', (now) => phaseOf(now, 'ciliumEndpoints') === 'live');
    const log = await asked(from);
    expect(count(log, 'LIST ciliumendpoints')).toBe(0);
    expect(count(log, 'WATCH ciliumendpoints')).toBeGreaterThanOrEqual(2);
    expect(count(log, 'WATCH ciliumendpoints')).toBeLessThan(8);
  });

  test.each(['watch-expired', 'watch-gone'])('%s (410): one new list, by difference', async (id) => {
    const { simulator, until, asked, mark, changes } = await watched();
    const { store } = simulator.cluster;
    const from = await mark();
    const seen = changes.length;
    simulator.faults.add({ id, verb: 'watch', resource: 'pods', count: 2 });
    simulator.faults.add({ id: 'rights-revoked', resource: 'none', count: 1 });
    store.remove('Pod', 'shop', 'web-3');
    createPod(store, 'shop', 'late');
    await until('one gone, one come', (now) => !podNames(now).includes('web-3') && podNames(now).includes('late'));
    await cluster.allLive();
    expect(podNames(cluster.snapshot())).toHaveLength(applicationPods + systemPods);
    // Rows that did not change were not handed out again, and nothing was cleared.
    const puts = changes
      .slice(seen)
      .flatMap((change) => (change.type === 'put' && change.kind === 'pods' ? change.rows : []));
    // What is new may be told twice, the second time when all that is gone is out.
    expect([...new Set(puts.map((row) => row.name))]).toEqual(['late']);
    expect(changes.slice(seen).filter((change) => change.type === 'clear')).toEqual([]);
    const log = await asked(from);
    expect(count(log, 'LIST pods') + count(log, 'WATCH pods')).toBeLessThan(12);
  });

  test.each(['relist-expired', 'too-large-resource-version'])('%s for ever: no storm', async (id) => {
    const { simulator, asked, mark } = await watched({ config: { watchList: 'never' } });
    const from = await mark();
    simulator.faults.add({ id, resource: 'nodes' });
    simulator.faults.add({ id: 'rights-revoked', resource: 'none', count: 1 });
    await nothingFor(5_000);
    const log = await asked(from);
    const nodes = count(log, 'LIST nodes') + count(log, 'WATCH nodes');
    expect(nodes).toBeGreaterThan(0);
    expect(nodes).toBeLessThan(16);
    expect(cluster.snapshot().tables.nodes.rows.size).toBe(3);
    await simulator.faults.clear();
    await cluster.until('live again', (now) => phaseOf(now, 'nodes') === 'live', 20_000);
  });
});

describe('a server that is away', () => {
  test('refused: told within 2 s, rows kept; comes back by itself, without a list', async () => {
    const { simulator, until, asked, mark } = await watched(impatient);
    const { store } = simulator.cluster;
    simulator.faults.add({ id: 'api-down' });
    const told = await until(
      'every link stale',
      (now) => watchedLinks(now).every(({ phase }) => phase === 'stale'),
      5_000,
    );
    expect(told).toBeLessThan(2_000);
    expect(cluster.snapshot().links.get('pods')?.problem).toMatch(/refuses connections|closed the connection/);
    expect(podNames(cluster.snapshot())).toHaveLength(applicationPods + systemPods);
    await until(
      'the reason is named',
      (now) => /refuses connections/.test(now.links.get('pods')?.problem ?? ''),
      5_000,
    );
    createPod(store, 'shop', 'meanwhile');
    const from = await mark().catch(() => 0);
    await simulator.faults.clear();
    await cluster.allLive(10_000);
    await until('what happened meanwhile is there', (now) => podNames(now).includes('meanwhile'));
    const log = (await asked(from)).filter((one) => one.startsWith('LIST'));
    expect(log).toEqual([]);
  });

  test('half-open: nothing heard and no answer is told within 1.5 times the silence', async () => {
    const { simulator, until } = await watched(impatient);
    simulator.faults.add({ id: 'watch-silent' });
    simulator.faults.add({ id: 'rights-revoked', resource: 'none', count: 1 });
    await cluster.allLive();
    simulator.faults.add({ id: 'black-hole' });
    const told = await until(
      'every link stale',
      (now) => watchedLinks(now).every(({ phase }) => phase === 'stale'),
      6_000,
    );
    expect(told).toBeLessThan(2_600);
    await simulator.faults.clear();
    await cluster.allLive(20_000);
  });

  test('a black hole: whatever is answered after it wakes all watches at once, without a list', async () => {
    const { simulator, sources, until, asked, mark } = await watched(impatient);
    const from = await mark();
    // Every watch is opened anew, into the hole: it would be waited for half a minute.
    simulator.faults.add({ id: 'black-hole' });
    const unanswered = (now: Snapshot) =>
      watchedLinks(now).every(({ problem }) => /does not answer/.test(problem ?? ''));
    await until('every watch given up', unanswered, 6_000);
    // The scout's pauses have grown to four seconds by now.
    await nothingFor(5_000);
    await simulator.faults.clear();
    const asker = new AbortController();
    await sources.asks.object({ group: '', version: 'v1', plural: 'namespaces' }, '', 'kube-system', asker.signal);
    // The scout would come in four seconds.
    expect(await cluster.allLive(10_000)).toBeLessThan(3_000);
    const log = await asked(from);
    expect(log.filter((one) => one.startsWith('LIST'))).toEqual([]);
    // Once into the hole, once out of it.
    expect(count(log, 'WATCH nodes')).toBeLessThan(4);
  });

  test('silent but there: asked once per silence for all watches, and nothing is said', async () => {
    const { asked, mark, changes } = await watched(impatient);
    const from = await mark();
    const seen = changes.length;
    const started = Date.now();
    const probes = async () => count(await asked(from), 'GET version');
    await expect.poll(probes, { timeout: 15_000, interval: 100 }).toBeGreaterThanOrEqual(3);
    // A silence is a second here, and each watch is silent: one probe for each of them would have been there at once.
    expect(Date.now() - started).toBeGreaterThan(1_500);
    const phases = changes.slice(seen).flatMap((change) => (change.type === 'link' ? [change.link.phase] : []));
    expect(new Set(phases)).not.toContain('stale');
  });

  test('429: waits as long as it was asked to, and says so', async () => {
    const { simulator, until, asked, mark } = await watched(impatient);
    simulator.faults.add({ id: 'too-many-requests', resource: 'nodes' });
    simulator.faults.add({ id: 'rights-revoked', resource: 'none', count: 1 });
    const slowedDown = (now: Snapshot) => /slow down \(429\)/.test(now.links.get('nodes')?.problem ?? '');
    await until('nodes stale', slowedDown, 8_000);
    const link = cluster.snapshot().links.get('nodes');
    expect(link?.phase).toBe('stale');
    expect((link?.retryAt ?? 0) - Date.now()).toBeGreaterThan(8_500);
    const from = await mark();
    await nothingFor(3_000);
    expect((await asked(from)).filter((one) => one.endsWith(' nodes'))).toEqual([]);
    expect(phaseOf(cluster.snapshot(), 'pods')).toBe('live');
  });

  test('every other answer an error: comes through, with pauses that grow', async () => {
    cluster = await watchCluster({ faults: [{ id: 'server-errors', resource: 'nodes' }] });
    await cluster.allLive();
    expect(cluster.snapshot().tables.nodes.rows.size).toBe(3);
    const log = (await cluster.asked()).filter((one) => one.endsWith(' nodes'));
    expect(log.length).toBeLessThan(8);
  });
});

describe('rights and credentials', () => {
  test('one 401: renewed, asked again, nothing shown', async () => {
    const { simulator, until, changes } = await watched();
    const seen = changes.length;
    simulator.faults.add({ id: 'unauthorized-once' });
    simulator.faults.add({ id: 'rights-revoked', resource: 'none', count: 1 });
    createPod(simulator.cluster.store, 'shop', 'late');
    await until('late is there', (now) => podNames(now).includes('late'));
    await cluster.allLive();
    const said = changes.slice(seen).flatMap((change) => (change.type === 'link' ? [change.link.problem ?? ''] : []));
    expect(said.join()).not.toMatch(/401|Sign in/);
  });

  test('401 for good: rows stay, stale, with what to do; few requests; recovers by itself', async () => {
    const { simulator, until, asked, mark } = await watched();
    simulator.faults.add({ id: 'unauthorized' });
    simulator.faults.add({ id: 'rights-revoked', resource: 'none', count: 1 });
    await until('all stale', (now) => watchedLinks(now).every(({ phase }) => phase === 'stale'), 8_000);
    await until('says what to do', (now) => /401.*Sign in again/.test(now.links.get('nodes')?.problem ?? ''));
    const from = await mark();
    await nothingFor(4_000);
    expect((await asked(from)).length).toBeLessThan(4);
    await simulator.faults.clear();
    await cluster.allLive(20_000);
  });

  test('expired credentials at the start are refused in one sentence', async () => {
    await expect(watchCluster({ context: 'expired' })).rejects.toThrow(/refuses these credentials.*Sign in again/s);
  });

  test('a user without rights: every link says which right is missing, and is left in peace', async () => {
    cluster = await watchCluster({ context: 'reader' });
    await cluster.until(
      'all forbidden',
      (now) => now.links.size > 20 && watchedLinks(now).every(({ phase }) => phase === 'forbidden'),
    );
    expect(cluster.snapshot().links.get('pods')?.problem).toMatch(
      /^No permission: list pods\. Ask for the right to list and watch pods\./,
    );
    const from = await cluster.mark();
    await nothingFor(3_000);
    expect((await cluster.asked(from)).filter((one) => !one.startsWith('GET'))).toEqual([]);
  });

  test('a right that is taken away voids the rows', async () => {
    const { simulator, until } = await watched();
    simulator.faults.add({ id: 'rights-revoked', resource: 'ciliumendpoints' });
    await until('forbidden', (now) => phaseOf(now, 'ciliumEndpoints') === 'forbidden', 8_000);
    expect(cluster.snapshot().tables.ciliumEndpoints.rows.size).toBe(0);
    expect(podNames(cluster.snapshot())).toHaveLength(applicationPods + systemPods);
  });

  test('a user of one namespace sees that namespace', async () => {
    cluster = await watchCluster({ context: 'namespace' });
    await cluster.until('pods of the namespace', (now) => phaseOf(now, 'pods') === 'live');
    const { links, tables } = cluster.snapshot();
    expect(links.get('pods')?.problem).toMatch(/Only namespace/);
    expect(phaseOf(cluster.snapshot(), 'nodes')).toBe('forbidden');
    expect(tables.nodes.rows.size).toBe(0);
  });
});

describe('kinds that come and go', () => {
  test('a definition removed while watching: rows void, missing; back when it is installed again', async () => {
    const { simulator, until } = await watched();
    const { store } = simulator.cluster;
    const name = 'ciliumendpoints.cilium.io';
    const definition = store.get('CustomResourceDefinition', '', name);
    if (definition === undefined) throw new Error('no definition');
    store.remove('CustomResourceDefinition', '', name);
    simulator.faults.add({ id: 'rights-revoked', resource: 'none', count: 1 });
    await until('missing', (now) => phaseOf(now, 'ciliumEndpoints') === 'missing', 8_000);
    expect(cluster.snapshot().tables.ciliumEndpoints.rows.size).toBe(0);
    expect(cluster.snapshot().links.get('ciliumEndpoints')?.problem).toContain(name);
    const { uid: _uid, resourceVersion: _version, ...metadata } = definition.metadata;
    store.create({ ...definition, metadata }, 'test');
    createEndpoint(store, 'shop', 'again');
    await until(
      'live with the new row',
      ({ tables }) => tables.ciliumEndpoints.named('shop', 'again') !== undefined,
      10_000,
    );
    expect(phaseOf(cluster.snapshot(), 'ciliumEndpoints')).toBe('live');
  });
});

describe('servers that lack something', () => {
  const lacking = [
    'without-watch-list',
    'without-bookmarks',
    'without-gzip',
    'without-table',
    'without-aggregated-discovery',
  ];
  test.each([...lacking, 'reordered-keys', 'disordered-events', 'odd-objects'])('%s: the same rows', async (id) => {
    cluster = await watchCluster({ faults: [{ id }] });
    await cluster.allLive(20_000);
    createEndpoint(cluster.simulator.cluster.store, 'shop', 'late');
    await cluster.until(
      'a change comes through',
      ({ tables }) => tables.ciliumEndpoints.named('shop', 'late') !== undefined,
    );
    const { tables } = cluster.snapshot();
    expect(tables.nodes.rows.size).toBeGreaterThanOrEqual(3);
    const endpoints = [...tables.ciliumEndpoints.rows.values()].map((row) => row.name);
    expect(endpoints.filter((name) => name.startsWith('web-'))).toHaveLength(applicationPods);
  });

  test('in pages, with a token that runs out half-way: no row twice, none missing', async () => {
    cluster = await watchCluster({
      config: { watchList: 'never' },
      extraEndpoints: 1_300,
      faults: [{ id: 'continue-expired' }],
    });
    await cluster.allLive(20_000);
    expect(cluster.snapshot().tables.ciliumEndpoints.rows.size).toBe(applicationPods + 1_300);
  });
});

describe('another cluster', () => {
  test('no row of the old one survives the switch, however slow its lists are', async () => {
    // Asked in pages (a stream of initial events is no list to be slow), from a server that takes three seconds for each.
    cluster = await watchCluster({ config: { watchList: 'never' }, faults: [{ id: 'slow-lists' }] });
    const { sources, changes, asked } = cluster;
    await expect.poll(() => asked(), { timeout: 10_000, interval: 20 }).toContain('LIST nodes');
    // The first lists are answered together: when rows of one are here, those of others are on their way to us, and the
    // second wave has been asked for.
    await cluster.until('first rows', (now) => Object.values(now.tables).some((table) => table.rows.size > 0));
    expect(changes.some((change) => change.type === 'put')).toBe(true);
    await sources.asks.useContext('reader');
    const switched = changes.findLastIndex((change) => change.type === 'reset');
    // The old lists are answered meanwhile.
    await nothingFor(4_000);
    const later = changes.slice(switched + 1).filter((change) => change.type === 'put');
    expect(later).toEqual([]);
    expect(cluster.snapshot().cluster.context).toBe('reader');
    expect(podNames(cluster.snapshot())).toEqual([]);
  });

  test('an unknown one costs nothing', async () => {
    const { sources } = await watched();
    await expect(sources.asks.useContext('nowhere')).rejects.toThrow(/no context "nowhere".*admin/s);
    expect(podNames(cluster.snapshot())).toHaveLength(applicationPods + systemPods);
    expect(phaseOf(cluster.snapshot(), 'pods')).toBe('live');
  });
});

/** Links to what this cluster serves: what it has not is not there whether it answers or not. */
function watchedLinks({ links }: Snapshot): readonly Link[] {
  return [...links.values()].filter(({ phase }) => phase !== 'missing');
}
