import { UserError } from '../errors.ts';
import { agents, isWanted } from '../model/agents.ts';
import { agentDaemonSet } from '../model/cluster-mode.ts';
import { kinds } from '../model/kinds.ts';
import { agentRollout } from '../model/rollout.ts';
import { shellWord } from '../model/shell-word.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Action, Seen } from './action.ts';
import { agentSetName, isManaged, withoutCilium } from './cilium-here.ts';
import { kubectlOn } from './kubectl.ts';
import { readLive, uidOf, versionOf } from './live-object.ts';
import { counted } from './names.ts';
import { planOf } from './plan-of.ts';
import { sendPlanned } from './send-planned.ts';

export type RolloutRestart = Record<string, never>;

/** So long for a node: the new agent's start, one batch after the other. */
const perBatchMs = 120_000;
const mostMs = 60 * 60_000;

export const rolloutRestart: Action<RolloutRestart> = {
  id: 'rollout-restart',
  title: 'restart all agents, as their DaemonSet paces it',
  says: 'Writes a restart annotation into the template of the agents’ DaemonSet, which then replaces its pods, as many at once as it allows. Only where you run Cilium yourself: on AKS the DaemonSet is put back as AKS wants it, and single agents are restarted instead. :undo takes the annotation back, which is a rollout once more.',
  dangerous: true,
  rights: [{ verb: 'patch', group: 'apps', plural: 'daemonsets' }],
  refuses(_, snapshot) {
    const none = withoutCilium(snapshot);
    if (none !== undefined) return none;
    if (!isManaged(snapshot)) return undefined;
    return 'AKS keeps the agents’ DaemonSet as it wants it: a restart annotation may be taken back. Restart single agents instead (:restart-agent NODE).';
  },
  async plan(_, world, signal) {
    const snapshot = world.snapshot();
    const refusal = rolloutRestart.refuses?.({}, snapshot);
    if (refusal !== undefined) throw new UserError(refusal);
    const { group, plural, kind } = kinds.daemonSets;
    const name = agentSetName(snapshot);
    const place = { resource: { group, plural, kind, version: 'v1' }, namespace: 'kube-system', name };
    const live = await readLive(world, place, signal);
    if (live === undefined) throw new UserError(`There is no DaemonSet ${name} in kube-system.`, '', 'missing');
    const all = agents(snapshot, world.now());
    const most = agentRollout(snapshot, all, world.now())?.mostUnavailable ?? 1;
    const wanted = all.filter(isWanted).length;
    const at = new Date(world.now()).toISOString();
    const annotations = { 'kubectl.kubernetes.io/restartedAt': at };
    return planOf({
      action: 'rollout-restart',
      title: 'restart all agents',
      request: {
        verb: 'patch',
        ...place,
        body: { spec: { template: { metadata: { annotations } } } },
        preconditions: { uid: uidOf(live), resourceVersion: versionOf(live) },
      },
      live,
      reach: [`${counted(wanted, 'agent')} on as many nodes, ${most} at once.`],
      warnings: [
        'Connections go on; on each node new pods and changed policies wait for its new agent, and proxied flows pause.',
      ],
      dangerous: true,
      world,
      signal,
      own: {
        sentence: `Has DaemonSet ${name} replace its ${counted(wanted, 'agent')}, ${most} at once.`,
        kubectl: kubectlOn(snapshot, ['-n', 'kube-system', 'rollout', 'restart', shellWord(`daemonset/${name}`)]),
        undo: ':undo takes the annotation back; the agents restart once more by that.',
        verify: 'Done when every agent is of the new template and ready (:rollout).',
        done: (now, moment) => rolledOut(now, agentDaemonSet(snapshot)?.generation ?? 0, moment),
        doneMs: Math.min(mostMs, perBatchMs + Math.ceil(wanted / most) * perBatchMs),
      },
    });
  },
  run: sendPlanned,
};

function rolledOut(snapshot: Snapshot, before: number, now: number): Seen {
  const set = agentDaemonSet(snapshot);
  if (set === undefined || set.generation <= before || set.observedGeneration < set.generation)
    return { seen: false, waits: 'the DaemonSet’s controller has not taken it up' };
  const all = agents(snapshot, now).filter(isWanted);
  const ready = all.filter(({ state }) => state === 'ready').length;
  if (set.updated >= set.desired && ready === all.length)
    return { seen: true, text: `All ${counted(all.length, 'agent')} are of the new template and ready.` };
  return { seen: false, waits: `${set.updated} of ${set.desired} agents are replaced, ${ready} are ready` };
}
