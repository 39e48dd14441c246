// Nodes cordoned and drained on a simulated cluster that lives: its pods end, move and are protected by budgets.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cordon } from '../../src/actions/cordon.ts';
import { drain } from '../../src/actions/drain.ts';
import { createRoad, type Road, type Step } from '../../src/actions/road.ts';
import { uncordon } from '../../src/actions/uncordon.ts';
import { undo } from '../../src/actions/undo.ts';
import type { RawObject } from '../../src/model/objects/row.ts';
import { type WatchedCluster, watchCluster } from '../wire/watched-cluster.ts';

let cluster: WatchedCluster;
let road: Road;
const signal = new AbortController().signal;
const quiet = () => {};

beforeAll(async () => {
  cluster = await watchCluster({ scenario: 'healthy' });
  await cluster.allLive();
  const { sources, snapshot } = cluster;
  const subscribe = (listener: () => void) => {
    const timer = setInterval(listener, 20);
    return () => clearInterval(timer);
  };
  road = createRoad({ asks: sources.asks, snapshot, subscribe, protectedNames: [] });
  await road.open(3_600_000);
});
afterAll(() => cluster.close());

const nodes = () => [...cluster.snapshot().tables.nodes.rows.values()].map(({ name }) => name).sort();
const podsOn = (node: string) => cluster.snapshot().tables.pods.by('node', node);
const create = (object: RawObject) => cluster.simulator.cluster.store.create(object as never, 'kubectl-create');
const nodeNow = (name: string) =>
  cluster.simulator.cluster.store.get('Node', '', name) as unknown as { spec: { unschedulable?: boolean } };

/** A pod of nobody's that runs on the node. */
function pod(name: string, node: string, more: { metadata?: RawObject; spec?: RawObject; phase?: string } = {}) {
  create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: name }, ...more.metadata },
    spec: { nodeName: node, containers: [{ name: 'one', image: 'one' }], ...more.spec },
    status: { phase: more.phase ?? 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  });
}

function budget(name: string, app: string, minAvailable: number) {
  create({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'shop' },
    spec: { minAvailable, selector: { matchLabels: { app } } },
  });
}

function audited(): Record<string, string>[] {
  const text = readFileSync(join(cluster.config.stateDir, 'audit.ndjson'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function run<T>(action: Parameters<Road['plan']>[0], target: T, onStep: (step: Step) => void = quiet) {
  const plan = await road.plan(action as never, target, signal);
  return road.run(action as never, plan, onStep);
}

describe('cordon and uncordon', () => {
  it('changes one field, is seen in the watch, and is taken back without touching anything else', async () => {
    const node = nodes()[0] as string;
    const plan = await road.plan(cordon, { node }, signal);
    expect(plan).toMatchObject({
      call: `PATCH /api/v1/nodes/${node}?fieldManager=ciliscope`,
      kubectl: `kubectl --context admin patch nodes ${node} --type=merge -p '{"spec":{"unschedulable":true}}'`,
      dangerous: false,
    });
    expect(plan.difference.filter(({ sign }) => sign === '+').map(({ text }) => text.trim())).toContain(
      'unschedulable: true',
    );
    const done = await road.run(cordon, plan, quiet);
    expect(done).toMatchObject({ outcome: 'verified', text: `The watch shows that ${node} takes no new pods.` });
    await expect(road.plan(cordon, { node }, signal)).rejects.toThrow(/is cordoned already/);
    expect(audited().find(({ outcome }) => outcome === 'done')).toMatchObject({
      difference: expect.stringMatching(/^\+\d -0 spec\.unschedulable/),
    });

    // Somebody labels the node meanwhile: that stays.
    const { store } = cluster.simulator.cluster;
    const now = store.get('Node', '', node) as never as { metadata: { labels: object } };
    store.update(
      { ...now, metadata: { ...now.metadata, labels: { ...now.metadata.labels, kept: 'yes' } } } as never,
      'kubectl-label',
    );
    const back = await road.plan(undo, { id: done.undo?.id ?? '' }, signal);
    expect(back).toMatchObject({
      request: { verb: 'patch', body: { spec: { unschedulable: null } } },
      dangerous: false,
    });
    expect(await road.run(undo, back, quiet)).toMatchObject({ outcome: 'verified' });
    expect(nodeNow(node)).toMatchObject({ metadata: { labels: { kept: 'yes' } } });
    expect(nodeNow(node).spec.unschedulable).toBeUndefined();
  });

  it('uncordon lets pods come again, and undo cordons once more', async () => {
    const node = nodes()[0] as string;
    await run(cordon as never, { node });
    const done = await run(uncordon as never, { node });
    expect(done).toMatchObject({ outcome: 'verified', text: `The watch shows that ${node} takes new pods again.` });
    expect(await run(undo as never, { id: done.undo?.id ?? '' })).toMatchObject({ outcome: 'verified' });
    expect(nodeNow(node).spec.unschedulable).toBe(true);
    await run(uncordon as never, { node });
    await expect(road.plan(uncordon, { node }, signal)).rejects.toThrow(/is not cordoned/);
  });

  it('a lost answer is looked for: it was done, and is not sent again', async () => {
    const node = nodes()[0] as string;
    const plan = await road.plan(cordon, { node }, signal);
    cluster.simulator.faults.add({ id: 'write-lost', resource: 'nodes', count: 1 });
    const from = await cluster.mark();
    expect(await road.run(cordon, plan, quiet)).toMatchObject({ outcome: 'verified' });
    cluster.simulator.faults.clear();
    expect((await cluster.asked(from)).filter((one) => one.startsWith('PATCH nodes'))).toHaveLength(1);
    await run(uncordon as never, { node });
  });
});

describe('drain', () => {
  it('names what is lost, who stays and which budget is in the way; evicts the others; a new drain goes on', async () => {
    const node = nodes()[1] as string;
    pod('alone', node, { spec: { volumes: [{ name: 'scratch', emptyDir: {} }] } });
    pod('mirror', node, { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } });
    pod('ended', node, { phase: 'Succeeded' });
    pod('guarded', node);
    budget('guard', 'guarded', 1);
    await cluster.until('the pods are seen', ({ tables }) => tables.pods.named('shop', 'guarded') !== undefined);
    await cluster.until('the budget is counted', () => {
      const found = cluster.simulator.cluster.store.get('PodDisruptionBudget.policy', 'shop', 'guard');
      return (found as { status?: { currentHealthy?: number } } | undefined)?.status?.currentHealthy === 1;
    });

    const plan = await road.plan(drain, { node }, signal);
    const said = plan.warnings.join('\n');
    expect(said).toMatch(/Lost for good, because no controller makes them anew: .*shop\/alone/);
    expect(said).toMatch(/contents of emptyDir volumes: .*shop\/alone \(scratch\)/);
    expect(said).toMatch(
      /budget shop\/guard lets none of its pods go now \(it needs 1 healthy and has 1\); 1 of its 1 pod here waits: shop\/guarded/,
    );
    expect(plan.reach.at(-1)).toMatch(/What stays: \d+ of DaemonSets, 1 run by the node itself, 1 finished/);
    expect(plan.dangerous).toBe(true);
    expect(plan.kubectl).toContain('--ignore-daemonsets --delete-emptydir-data --force');
    const leaving = plan.then ?? [];
    expect(leaving.map(({ name }) => name)).not.toContain('mirror');
    expect(plan.thenSaid?.[0]?.call).toMatch(/^POST \/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/eviction/);

    const stop = new AbortController();
    const steps: Step[] = [];
    const outcome = await road.run(
      drain,
      plan,
      (step) => {
        steps.push(step);
        // Everybody else has gone: somebody does not want to wait for the budget.
        if (step.parts?.every((part) => /gone$|waits: /.test(part))) stop.abort();
      },
      stop.signal,
    );
    expect(outcome).toMatchObject({
      outcome: 'partly',
      hint: expect.stringMatching(/stays cordoned; a new drain goes on/),
    });
    expect(outcome.text).toMatch(
      /^(\d+) of \d+ pods evicted\. Stopped\. shop\/guarded: its budget guard needs 1 healthy and has 1/,
    );
    expect(outcome.undo).toMatchObject({ verb: 'restore', title: `drain Node ${node}` });
    expect(nodeNow(node).spec.unschedulable).toBe(true);
    expect(steps.at(-1)?.text).toMatch(/evicted, shop\/guarded waits: /);
    expect(cluster.snapshot().jobs).toMatchObject({ running: [], done: expect.arrayContaining([expect.anything()]) });
    const left = podsOn(node).filter(({ ownerKind }) => ownerKind !== 'DaemonSet');
    expect(left.map(({ name }) => name).sort()).toEqual(['ended', 'guarded', 'mirror']);

    // Its budget lets it go now.
    cluster.simulator.cluster.store.remove('PodDisruptionBudget.policy', 'shop', 'guard');
    const rest = await road.plan(drain, { node }, signal);
    expect(rest).toMatchObject({ noUndo: true, request: { subresource: 'eviction', name: 'guarded' } });
    expect(rest.then).toEqual([]);
    expect(rest.warnings[0]).toMatch(/cordoned already/);
    expect(await road.run(drain, rest, quiet)).toMatchObject({ outcome: 'verified', undo: undefined });
    await expect(road.plan(drain, { node }, signal)).rejects.toThrow(
      /is drained: it is cordoned, and what is left on it stays/,
    );
  }, 60_000);

  it('an answer that was lost is looked for, a namesake made meanwhile is left alone; neither is asked for twice', async () => {
    const node = nodes()[2] as string;
    pod('twin', node);
    pod('lost', node);
    await cluster.until('they are seen', ({ tables }) => tables.pods.named('shop', 'lost') !== undefined);
    const plan = await road.plan(drain, { node }, signal);
    // By the time it is done another pod has the name.
    cluster.simulator.cluster.store.remove('Pod', 'shop', 'twin');
    pod('twin', nodes()[0] as string);
    cluster.simulator.faults.add({ id: 'write-lost', verb: 'create', resource: 'pods', count: 1 });
    const from = await cluster.mark();
    expect(await road.run(drain, plan, quiet)).toMatchObject({ outcome: 'verified' });
    cluster.simulator.faults.clear();
    // Those of AKS' own budgets may have had to wait.
    const evictions = (await cluster.asked(from)).filter(
      (one) => one.endsWith('/eviction') && !/coredns|konnectivity|metrics-server/.test(one),
    );
    await cluster.until('one answer was lost', ({ requests }) =>
      requests.log.some(({ path, status }) => status === 0 && path.includes('/eviction')),
    );
    expect(new Set(evictions).size).toBe(evictions.length);
    expect(cluster.simulator.cluster.store.get('Pod', 'shop', 'twin')).toBeDefined();
  }, 60_000);
});
