// What mends Cilium, on one simulated cluster: planned, done, seen; and what is refused, and why.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Action } from '../../src/actions/action.ts';
import { captureFlows } from '../../src/actions/capture-flows.ts';
import { deleteStaleSlice } from '../../src/actions/delete-stale-slice.ts';
import { endCapture } from '../../src/actions/end-capture.ts';
import { labelExclusion } from '../../src/actions/label-exclusion.ts';
import { recreatePod } from '../../src/actions/recreate-pod.ts';
import { removeStuckTaint } from '../../src/actions/remove-stuck-taint.ts';
import { restartAgent } from '../../src/actions/restart-agent.ts';
import { restartOperator } from '../../src/actions/restart-operator.ts';
import { resyncLadder } from '../../src/actions/resync-ladder.ts';
import { createRoad, type Road } from '../../src/actions/road.ts';
import { rolloutRestart } from '../../src/actions/rollout-restart.ts';
import { undo } from '../../src/actions/undo.ts';
import { agents } from '../../src/model/agents.ts';
import { operator } from '../../src/model/operator.ts';
import { sliceDrift } from '../../src/model/slices.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { KubeObject } from '../../src/simulator/cluster.ts';
import type { Causes } from '../../src/simulator/world/causes.ts';
import { type WatchedCluster, watchCluster } from '../wire/watched-cluster.ts';

let cluster: WatchedCluster;
let road: Road;
const signal = new AbortController().signal;
const steps = () => {};
const now = () => cluster.snapshot();
const store = () => cluster.simulator.cluster.store;
const cause = (causes: Partial<Causes>) => cluster.simulator.world?.change(causes);

beforeAll(async () => {
  cluster = await watchCluster({ scenario: 'healthy', pods: 60, changed: { acns: true, churn: 0 } });
  await cluster.allLive();
  road = createRoad({
    asks: cluster.sources.asks,
    snapshot: cluster.snapshot,
    subscribe(listener) {
      const timer = setInterval(listener, 20);
      return () => clearInterval(timer);
    },
    protectedNames: [],
  });
  await road.open(600_000);
});
afterAll(() => cluster.close());

async function done<T>(action: Action<T>, target: T) {
  return road.run(action, await road.plan(action, target, signal), steps);
}

/** What was changed while `what` went on, as `DELETE pods`. */
async function changesOf(what: () => Promise<unknown>): Promise<string[]> {
  const from = await cluster.mark();
  await what();
  return (await cluster.asked(from)).filter((one) => /^(DELETE|PATCH|CREATE|UPDATE|POST|PUT) /.test(one));
}

const nodeNames = () => [...now().tables.nodes.rows.values()].map(({ name }) => name).sort();
const nodeAt = (index: number): string => nodeNames()[index] ?? expect.fail(`no node ${index}`);
const agentOn = (name: string, snapshot = now()) =>
  agents(snapshot, Date.now()).find((agent) => agent.node === name) ?? expect.fail(`no agent on ${name}`);
const podsOf = (namespace: string) =>
  [...now().tables.pods.rows.values()].filter((pod) => pod.namespace === namespace && pod.ownerKind === 'ReplicaSet');

describe('the agent of a node', () => {
  it('is restarted: its pod is deleted, once, and it is done when the new one is ready', async () => {
    const before = agentOn(nodeAt(0)).pod?.name ?? '';
    const plan = await road.plan(restartAgent, { node: nodeAt(0) }, signal);
    expect(plan).toMatchObject({
      sentence: `Deletes the agent pod ${before} on ${nodeAt(0)}; DaemonSet cilium makes a new one.`,
      kubectl: `kubectl --context admin -n kube-system delete pods ${before}`,
      noUndo: true,
      warnings: [expect.stringMatching(/connections go on; new pods on this node .* wait/), ...plan.warnings.slice(1)],
    });
    expect(plan.reach[0]).toMatch(/^\d+ pods on .*: \S+\/\S+, /);
    let outcome: unknown;
    const changes = await changesOf(async () => {
      outcome = await road.run(restartAgent, plan, steps);
    });
    const after = agentOn(nodeAt(0));
    expect(outcome).toMatchObject({
      outcome: 'verified',
      text: `The new agent ${after.pod?.name} on ${nodeAt(0)} is ready.`,
    });
    expect(after.pod?.name).not.toBe(before);
    expect(changes).toEqual([`DELETE pods/${before}`]);
    expect(now().jobs.undo).toEqual([]);
  }, 40_000);

  it('is left alone while as many others are away as the DaemonSet allows; one that is away may be restarted', async () => {
    cause({ unready: agentsUnready(nodeAt(1), nodeAt(2)) });
    const areAway = (snapshot: Snapshot) =>
      [1, 2].every((index) => agentOn(nodeAt(index), snapshot).pod?.ready === false);
    await cluster.until('two agents not ready', areAway, 60_000);
    await expect(road.plan(restartAgent, { node: nodeAt(0) }, signal)).rejects.toThrow(/allows \d away at once/);
    await expect(road.plan(restartAgent, { node: nodeAt(1) }, signal)).resolves.toMatchObject({ dangerous: false });
    expect(removeStuckTaint.refuses?.({ node: nodeAt(1) }, now())).toMatch(
      /is not ready .* the taint is right|carries no/,
    );
    cause({ unready: [] });
    await cluster.until(
      'all agents ready',
      (snapshot) => [1, 2].every((index) => agentOn(nodeAt(index), snapshot).pod?.ready === true),
      60_000,
    );
  }, 130_000);
});

function agentsUnready(...nodes: readonly string[]): Causes['unready'] {
  const probe = 'HTTP probe failed with statuscode: 503';
  return [
    { namespace: 'kube-system', labels: { 'k8s-app': 'cilium' }, where: { nodes }, container: 'cilium-agent', probe },
  ];
}

describe('a pod', () => {
  it('with a controller is recreated', async () => {
    const [pod] = podsOf('shop');
    const target = { namespace: 'shop', name: pod?.name ?? '' };
    await expect(done(recreatePod, target)).resolves.toMatchObject({
      outcome: 'verified',
      text: expect.stringMatching(/^The new pod shop\/.* is ready/),
    });
    expect(now().tables.pods.named('shop', target.name)).toBeUndefined();
  }, 60_000);

  it.each([
    ['stands alone', undefined, /no controller: deleted, it would be gone for good/],
    ['is the kubelet’s', { kind: 'Node', name: 'aks', apiVersion: 'v1', uid: 'n', controller: true }, /static pod/],
    [
      'belongs to a Job',
      { kind: 'Job', name: 'import', apiVersion: 'batch/v1', uid: 'j', controller: true },
      /belongs to Job import/,
    ],
  ])('that %s is refused', async (_, owner, words) => {
    const name = `left-${words.source.length}`;
    const metadata = { name, namespace: 'shop', ...(owner && { ownerReferences: [owner] }) };
    store().create(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata,
        spec: { nodeName: 'gone', containers: [{ name: 'a', image: 'a' }] },
        status: { phase: 'Running' },
      } as KubeObject,
      'kubectl',
    );
    await cluster.until(name, ({ tables }) => tables.pods.named('shop', name) !== undefined);
    await expect(road.plan(recreatePod, { namespace: 'shop', name }, signal)).rejects.toThrow(words);
    expect(road.refusal(recreatePod, { namespace: 'shop', name })).toMatch(words);
    store().remove('Pod', 'shop', name);
  });
});

describe('slices out of step', () => {
  it('climb the ladder: seen long enough, then a pod, then the leader; a rung is exhausted when it was done and it still differs', async () => {
    cause({ sliceDrift: true, sliceLeft: true });
    await cluster.until('drift', (snapshot) => sliceDrift(snapshot, Date.now()).length >= 6);
    const missing =
      sliceDrift(now(), Date.now()).find(({ what }) => what === 'missing') ?? expect.fail('nothing missing');
    const about = { kind: 'CiliumEndpoint', namespace: missing.namespace, name: missing.name };
    const at = (ms: number, snapshot = now()) => {
      const { rungs } = resyncLadder(snapshot, about, missing.seen + ms);
      return Object.fromEntries(rungs.map(({ id, first }) => [id, first]));
    };
    expect(at(10_000)).toMatchObject({
      observe: '',
      'recreate-pod': 'it differs for 10s only: see for 50s more whether it heals',
    });
    expect(at(61_000)).toMatchObject({
      'recreate-pod': '',
      'restart-leader': `first recreate pod ${missing.namespace}/${missing.name}`,
    });
    const job = { id: 1, object: about, outcome: 'verified' as const, text: '', at: missing.seen + 62_000 };
    const after = {
      ...now(),
      jobs: { ...now().jobs, done: [{ ...job, title: `recreate pod ${missing.namespace}/${missing.name}` }] },
    };
    expect(at(70_000, after)['restart-leader']).toMatch(/was done for 8s only/);
    expect(at(130_000, after)).toMatchObject({ 'recreate-pod': '', 'restart-leader': '' });
  });

  it('an agent is only restarted where it was seen to disagree: the one that a truth check names, then the next', () => {
    const [one] = sliceDrift(now(), Date.now()).filter(({ what, ip }) => what === 'identity' && ip !== '');
    const { namespace, name, ip } = one ?? expect.fail('no entry has another identity');
    const about = { kind: 'CiliumEndpoint', namespace, name };
    const own = now().tables.pods.named(namespace, name)?.node ?? '';
    // Another case here restarts the agent of the first node: who was restarted since is not offered again.
    const rest = nodeNames().slice(1);
    const first = rest.find((node) => node !== own) ?? '';
    const second = rest.find((node) => node !== first) ?? '';
    const rung = (snapshot: Snapshot) =>
      resyncLadder(snapshot, about, Date.now()).rungs.find(({ id }) => id === 'restart-agent');
    expect(rung(now())).toMatchObject({ offer: undefined, lacks: expect.stringContaining(`:truth pod ${namespace}/`) });

    const side = { text: `${ip} has identity 4`, source: 'cilium-dbg bpf ipcache list' };
    const differences = [first, second].map((node) => ({
      ...{
        type: 'ipcache-identity' as const,
        aspect: 'ipcache' as const,
        node,
        key: ip,
        intended: side,
        realised: side,
      },
      object: { kind: 'Pod', namespace, name },
    }));
    const look = {
      ...{ target: { kind: 'Pod' as const, namespace, name }, at: 1_000, node: own, sampled: [first, second] },
      ...{ differences, compared: [], notCompared: [], commands: 3 },
    };
    const link = { source: 'truth', phase: 'live' as const, at: 1_000 };
    const seen = {
      ...now(),
      facts: { ...now().facts, truth: { link, value: { results: [look] } } },
    } as unknown as Snapshot;
    expect(rung(seen)).toMatchObject({
      ...{ title: `restart the agent on ${first}`, offer: { target: { node: first } } },
      why: `${first}: ${ip} has identity 4; then, one by one, 1 more`,
    });
    const title = `restart the agent on ${first}`;
    const done = [{ id: 1, object: about, title, outcome: 'verified' as const, text: '', at: 2_000 }];
    expect(rung({ ...seen, jobs: { ...seen.jobs, done } })).toMatchObject({ offer: { target: { node: second } } });
  });

  it('with one live entry are never deleted, whoever asks', async () => {
    const live = [...now().tables.ciliumEndpointSlices.rows.values()].find(({ endpoints }) => endpoints.length > 3);
    const name = live?.name ?? '';
    expect(road.refusal(deleteStaleSlice, { name })).toMatch(/never deleted\. Restart the operator's leader instead/);
    await expect(road.plan(deleteStaleSlice, { name }, signal)).rejects.toThrow(/live entr.* never deleted/);
  });

  it('of stale entries only are deleted; not where one came to life after it was planned', async () => {
    const { name, endpointNamespace, endpoints } = leftBehind();
    const plan = await road.plan(deleteStaleSlice, { name }, signal);
    expect(plan).toMatchObject({
      dangerous: true,
      noUndo: true,
      sentence: expect.stringMatching(/All its 3 entries being stale, deletes CiliumEndpointSlice/),
    });
    const metadata = { name: endpoints[1]?.name ?? '', namespace: endpointNamespace };
    store().create({ apiVersion: 'cilium.io/v2', kind: 'CiliumEndpoint', metadata } as KubeObject, 'cilium-agent');
    const changes = await changesOf(async () =>
      expect(await road.run(deleteStaleSlice, plan, steps)).toMatchObject({
        outcome: 'refused',
        text: expect.stringMatching(/1 live entry/),
      }),
    );
    expect(changes).toEqual([]);
    store().remove('CiliumEndpoint', endpointNamespace, metadata.name);
    await cluster.until(
      'stale again',
      ({ tables }) => tables.ciliumEndpoints.named(endpointNamespace, metadata.name) === undefined,
    );
    await expect(done(deleteStaleSlice, { name })).resolves.toMatchObject({ outcome: 'verified' });
    expect(store().get('CiliumEndpointSlice', '', name)).toBeUndefined();
  }, 20_000);

  it('are mended by the next leader of the operator, and no slice is deleted by us', async () => {
    const before = operator(now(), Date.now()).lease?.holder;
    const plan = await road.plan(restartOperator, { which: 'leader' }, signal);
    const changes = await changesOf(async () =>
      expect(await road.run(restartOperator, plan, steps)).toMatchObject({
        outcome: 'verified',
        text: expect.stringMatching(/holds the lease and renews it; 2 of 2 are ready/),
      }),
    );
    expect(changes).toEqual([`DELETE pods/${plan.object.name}`]);
    expect(operator(now(), Date.now()).lease?.holder).not.toBe(before);
    await cluster.until('no drift', (snapshot) => sliceDrift(snapshot, Date.now()).length === 0, 30_000);
  }, 60_000);
});

function leftBehind() {
  const { tables } = now();
  const found = [...tables.ciliumEndpointSlices.rows.values()].find(({ endpointNamespace, endpoints }) =>
    endpoints.every(({ name }) => tables.ciliumEndpoints.named(endpointNamespace, name) === undefined),
  );
  return found ?? expect.fail('no slice was left behind');
}

describe('all of the operator', () => {
  it('is restarted pod by pod, the leader last, each when the one before is back', async () => {
    const leader = operator(now(), Date.now()).lease?.holderPod;
    const plan = await road.plan(restartOperator, { which: 'all' }, signal);
    expect(plan.then?.map(({ name }) => name)).toEqual([leader]);
    expect(plan.request.name).not.toBe(leader);
    const outcome = await road.run(restartOperator, plan, steps);
    expect(outcome).toMatchObject({ outcome: 'verified' });
    const { workload } = operator(now(), Date.now());
    expect(workload?.pods.map(({ name }) => name)).not.toContain(leader);
  }, 90_000);
});

describe('a taint that stayed', () => {
  const key = 'node.cilium.io/agent-not-ready';
  const taints = (name: string) =>
    (store().get('Node', '', name) as unknown as { spec: { taints?: unknown[] } }).spec.taints ?? [];

  it('is lifted from a node whose agent is ready, and nothing else with it; undo puts the same one back', async () => {
    cause({
      fails: [
        {
          namespace: 'kube-system',
          labels: { 'io.cilium/app': 'operator' },
          container: 'cilium-operator',
          exitCode: 1,
          message: 'gone',
        },
      ],
    });
    await cluster.until('no operator', (snapshot) => operator(snapshot, Date.now()).ready === 0, 60_000);
    const name = nodeAt(0);
    const stuck = { key, value: 'true', effect: 'NoSchedule' };
    const other = { key: 'team', value: 'pay', effect: 'PreferNoSchedule' };
    const object = store().get('Node', '', name) as KubeObject;
    store().update({ ...object, spec: { ...(object['spec'] as object), taints: [other, stuck] } }, 'test');
    await cluster.until('tainted', (snapshot) => agentOn(name, snapshot).taint !== undefined);
    const plan = await road.plan(removeStuckTaint, { node: name }, signal);
    const changes = await changesOf(async () =>
      expect(await road.run(removeStuckTaint, plan, steps)).toMatchObject({ outcome: 'verified' }),
    );
    expect(changes).toEqual([`PATCH nodes/${name}`]);
    expect(taints(name)).toEqual([other]);
    const [kept] = now().jobs.undo;
    await done(undo, { id: kept?.id ?? '' });
    expect(taints(name)).toEqual(expect.arrayContaining([other, stuck]));
    expect(taints(name)).toHaveLength(2);
    cause({ fails: [] });
  }, 90_000);

  it('is not looked for where there is none', () => {
    expect(road.refusal(removeStuckTaint, { node: nodeAt(1) })).toMatch(/carries no agent-not-ready taint/);
  });
});

describe('labels left out of identities', () => {
  it('count on a node once its agent has restarted; undo puts the value of before back', async () => {
    const plan = await road.plan(labelExclusion, { keys: ['app'] }, signal);
    expect(plan).toMatchObject({
      dangerous: true,
      reach: [
        expect.stringMatching(/^\d+ identities have what is left out \(app\), in /),
        expect.stringMatching(/^Of \d+ identities about \d+ would be needed/),
      ],
      warnings: expect.arrayContaining([expect.stringMatching(/\d+ policies select by what is left out/)]),
    });
    await road.run(labelExclusion, plan, steps);
    const config = () =>
      (store().get('ConfigMap', 'kube-system', 'cilium-config') as unknown as { data: Record<string, string> }).data;
    expect(config()['labels']).toBe('!k8s:app$');
    await expect(road.plan(labelExclusion, { keys: ['app'] }, signal)).rejects.toThrow(/Left out already/);
    const withApp = (name: string, snapshot = now()) => {
      const { tables } = snapshot;
      const here = [...tables.ciliumEndpoints.rows.values()].filter(
        (one) => tables.pods.named(one.namespace, one.name)?.node === name,
      );
      return here.filter(
        ({ identity }) => 'k8s:app' in (tables.ciliumIdentities.named('', String(identity))?.securityLabels ?? {}),
      ).length;
    };
    const elsewhere = withApp(nodeAt(1));
    expect(withApp(nodeAt(0))).toBeGreaterThan(0);
    await done(restartAgent, { node: nodeAt(0) });
    await cluster.until('new identities', (snapshot) => withApp(nodeAt(0), snapshot) === 0, 30_000);
    expect(withApp(nodeAt(1))).toBe(elsewhere);
    await done(undo, { id: now().jobs.undo[0]?.id ?? '' });
    expect(config()['labels']).toBeUndefined();
  }, 90_000);

  it.each([
    [['a b'], /is no key of a label/],
    [[], /No label is named/],
    [['x/'], /is no key/],
  ])('of %j are refused', async (keys, words) => {
    await expect(road.plan(labelExclusion, { keys }, signal)).rejects.toThrow(words);
  });
});

describe('a capture of flows', () => {
  const logs = () =>
    store()
      .list('ContainerNetworkLog')
      .map(({ metadata }) => metadata.name);

  it('makes its object, is taken up, and takes it away again when it is stopped: nothing is left to take back', async () => {
    const before = logs();
    const kept = now().jobs.undo.length;
    const plan = await road.plan(captureFlows, { namespace: 'shop', minutes: 5 }, signal);
    expect(plan).toMatchObject({
      sentence: expect.stringMatching(/^Has all flows from and to pods of shop logged until \d\d:\d\dZ, then deletes/),
    });
    const stop = new AbortController();
    const running = road.run(captureFlows, plan, steps, stop.signal);
    await cluster.until(
      'taken up',
      ({ tables }) => tables.containerNetworkLogs.named('', plan.object.name)?.state === 'CONFIGURED',
      20_000,
    );
    stop.abort();
    await running;
    expect(logs()).toEqual(before);
    expect(now().jobs.undo).toHaveLength(kept);
  }, 40_000);

  it('that a session left behind is ended by a later one; somebody else’s is not touched', async () => {
    const plan = await road.plan(captureFlows, { namespace: 'shop', minutes: 5 }, signal);
    store().create(plan.request.body as unknown as KubeObject, 'ciliscope');
    await cluster.until('left', ({ tables }) => tables.containerNetworkLogs.named('', plan.object.name) !== undefined);
    await expect(done(endCapture, { name: plan.object.name })).resolves.toMatchObject({ outcome: 'verified' });
    await expect(road.plan(endCapture, { name: 'all-flows' }, signal)).rejects.toThrow(/no capture of ours/);
  }, 20_000);

  it.each([0, 121, 1.5])('of %d minutes is refused', async (minutes) => {
    await expect(road.plan(captureFlows, { namespace: 'shop', minutes }, signal)).rejects.toThrow(/1 to 120 minutes/);
  });
});

describe('what AKS puts back', () => {
  it('is refused with what is possible instead', () => {
    expect(road.refusal(rolloutRestart, {})).toMatch(/AKS keeps .* Restart single agents instead/);
  });

  it('is offered where people run Cilium themselves, as kubectl does it; captures need ACNS there', async () => {
    const other = await watchCluster({ scenario: 'byo', pods: 10, changed: { churn: 0 } });
    try {
      await other.allLive();
      const there = createRoad({
        asks: other.sources.asks,
        snapshot: other.snapshot,
        subscribe: () => () => {},
        protectedNames: [],
      });
      await expect(there.plan(rolloutRestart, {}, signal)).resolves.toMatchObject({
        kubectl: 'kubectl --context admin -n kube-system rollout restart daemonset/cilium',
        reach: ['3 agents on as many nodes, 2 at once.'],
        dangerous: true,
      });
      expect(there.refusal(captureFlows, { namespace: 'shop', minutes: 5 })).toMatch(/part of AKS’ ACNS/);
    } finally {
      await other.close();
    }
  }, 30_000);
});
