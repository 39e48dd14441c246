import { UserError } from '../errors.ts';
import { agents } from '../model/agents.ts';
import { ciliumConfig } from '../model/cluster-mode.ts';
import { list, record } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';
import { operator } from '../model/operator.ts';
import { serverTime } from '../model/server-time.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Action, Seen } from './action.ts';
import { withoutCilium } from './cilium-here.ts';
import { readLive, uidOf, versionOf } from './live-object.ts';
import { counted, someOf } from './names.ts';
import { planOf } from './plan-of.ts';
import { nodeKind } from './schedulable.ts';
import { sendPlanned } from './send-planned.ts';

export type StuckTaint = { node: string };

export const removeStuckTaint: Action<StuckTaint> = {
  id: 'remove-stuck-taint',
  title: 'remove a stuck agent-not-ready taint',
  says: 'Takes Cilium’s agent-not-ready taint off one node, and nothing else, by a merge patch of the version that was looked at. Only where the agent on the node is Ready and the node says that Cilium is up (NetworkUnavailable=False, CiliumIsUp): else the taint is right, and pods that came would wait for their network. It is the operator that should have lifted it: look at the operator first, for the next node will be stuck, too. :undo puts the same taint back.',
  dangerous: false,
  rights: [{ verb: 'patch', group: '', plural: 'nodes', namespace: '' }],
  refuses: ({ node }, snapshot) => withoutCilium(snapshot) ?? noTaint(snapshot, node) ?? agentAway(snapshot, node),
  async plan({ node }, world, signal) {
    const snapshot = world.snapshot();
    const agent = agents(snapshot, world.now()).find((one) => one.node === node);
    if (agent?.nodeRow === undefined) throw new UserError(`There is no node ${node}.`, '', 'missing');
    const away = agentAway(snapshot, node);
    if (away !== undefined || agent.pod === undefined) throw new UserError(away ?? `There is no agent on ${node}.`);
    const place = { resource: nodeKind, namespace: '', name: node };
    const live = await readLive(world, place, signal);
    if (live === undefined) throw new UserError(`There is no node ${node} (any more).`, '', 'missing');
    const key = taintKey(snapshot);
    const taints = list(record(live.spec).taints).map(record);
    if (!taints.some((taint) => taint.key === key))
      throw new UserError(`${node} does not carry the taint ${key} (any more).`, '', 'missing');
    const why = notUp(live);
    if (why !== undefined)
      throw new UserError(`${why}: the taint is left alone.`, 'The operator writes this condition: look at it first.');
    return planOf({
      action: 'remove-stuck-taint',
      title: `remove the taint agent-not-ready of ${node}`,
      request: {
        verb: 'patch',
        ...place,
        body: { spec: { taints: taints.filter((taint) => taint.key !== key) } },
        preconditions: { uid: uidOf(live), resourceVersion: versionOf(live) },
      },
      live,
      reach: [reachOf(snapshot)],
      warnings: operatorWords(snapshot, world.now()),
      world,
      signal,
      own: {
        sentence: `Takes the taint ${key} off Node ${node}, whose agent ${agent.pod.name} is ready.`,
        undo: ':undo puts the same taint back.',
        verify: 'Done when the watch shows the node without the taint.',
        done: (now) => untainted(now, node),
      },
    });
  },
  run: sendPlanned,
};

function taintKey(snapshot: Snapshot): string {
  return ciliumConfig(snapshot)['agent-not-ready-taint-key'] ?? 'node.cilium.io/agent-not-ready';
}

function noTaint(snapshot: Snapshot, node: string): string | undefined {
  const row = snapshot.tables.nodes.named('', node);
  if (row === undefined || row.taints.some(({ key }) => key === taintKey(snapshot))) return undefined;
  return `${node} carries no agent-not-ready taint.`;
}

function agentAway(snapshot: Snapshot, node: string): string | undefined {
  const agent = agents(snapshot, serverTime(snapshot, Date.now())).find((one) => one.node === node);
  if (agent === undefined || (agent.state === 'ready' && agent.pod?.ready === true)) return undefined;
  return `The agent on ${node} is not ready (${agent.status}): the taint is right. Mend the agent; the operator lifts the taint then.`;
}

function notUp(node: RawObject): string | undefined {
  const conditions = list(record(node.status).conditions).map(record);
  const found = conditions.find(({ type }) => type === 'NetworkUnavailable');
  if (found === undefined)
    return 'Nothing has said of this node that Cilium is up (it has no condition NetworkUnavailable)';
  if (found.status === 'False' && found.reason === 'CiliumIsUp') return undefined;
  return 'The node does not say that Cilium is up (condition NetworkUnavailable)';
}

function operatorWords(snapshot: Snapshot, now: number): readonly string[] {
  const { lease, ready, desired } = operator(snapshot, now);
  if (lease !== undefined && !lease.expired && ready > 0)
    return ['The operator is up and should lift it by itself within seconds: wait, or look at its log first.'];
  return [`The operator is not there to do it (${ready} of ${desired} ready): the next node will be stuck, too.`];
}

function reachOf({ tables }: Snapshot): string {
  const waiting = tables.pods.by('status', 'Pending').filter((pod) => pod.node === '' && pod.unscheduled !== '');
  if (waiting.length === 0) return 'Pods may be scheduled there again; none waits for a node now.';
  const names = waiting.map(({ namespace, name }) => `${namespace}/${name}`);
  return `Pods may be scheduled there again; ${counted(waiting.length, 'pod')} without a node now: ${someOf(names)}.`;
}

function untainted(snapshot: Snapshot, node: string): Seen {
  const row = snapshot.tables.nodes.named('', node);
  if (row === undefined) return { seen: false, waits: 'the node is gone' };
  const still = noTaint(snapshot, node) === undefined;
  return still
    ? { seen: false, waits: 'the watch still shows the taint' }
    : { seen: true, text: `${node} carries no agent-not-ready taint any more.` };
}
