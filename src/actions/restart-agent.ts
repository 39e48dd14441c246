import { UserError } from '../errors.ts';
import { type Agent, agents, isWanted } from '../model/agents.ts';
import { ciliumConfig } from '../model/cluster-mode.ts';
import type { PodRow } from '../model/objects/pod.ts';
import { agentRollout } from '../model/rollout.ts';
import { serverTime } from '../model/server-time.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Action, Seen } from './action.ts';
import { agentSetName, withoutCilium } from './cilium-here.ts';
import { failsAlike } from './fails-alike.ts';
import { counted, someOf } from './names.ts';
import { podsOnNode, podsReach } from './pods-reach.ts';
import { planPodRemoval, podRights } from './remove-pod.ts';
import { sendPlanned } from './send-planned.ts';

export type AgentRestart = { node: string };

/** Its startup probe gives it 105 × 2 s (domain §4.2); its end and the pull of its image come on top. */
const startMs = 210_000;
const pullMs = 120_000;

export const restartAgent: Action<AgentRestart> = {
  id: 'restart-agent',
  title: 'restart the agent of a node',
  says: 'Deletes the agent pod of one node; its DaemonSet makes a new one. Meanwhile connections go on, for what is in the kernel stays in force; new pods on the node wait for the new agent, changed policies are not taken up there, and flows through the DNS and L7 proxy pause. It is refused while as many other agents are away as the DaemonSet allows at once. Done when the new pod is Ready: within 210 s and the time that its image takes. It ends at once where the restart cures nothing: the new pod fails in the same container as the old one did.',
  dangerous: false,
  rights: podRights,
  refuses: (_, snapshot) => withoutCilium(snapshot),
  async plan({ node }, world, signal) {
    const snapshot = world.snapshot();
    const agent = agentOn(snapshot, node, world.now());
    const pod = agent?.pod;
    if (pod === undefined) {
      const what =
        agent === undefined ? `There is no node ${node}.` : `There is no agent pod on ${node} to be deleted.`;
      throw new UserError(what, '', 'missing');
    }
    const tooMany = othersAway(snapshot, node, world.now());
    if (tooMany !== undefined) throw new UserError(tooMany.what, tooMany.hint);
    const set = agentSetName(snapshot);
    return planPodRemoval(
      {
        action: 'restart-agent',
        title: `restart the agent on ${node}`,
        sentence: `Deletes the agent pod ${pod.name} on ${node}; DaemonSet ${set} makes a new one.`,
        namespace: pod.namespace,
        name: pod.name,
        reach: podsReach(snapshot, podsOnNode(snapshot, node), `on ${node}`),
        warnings: meanwhile(snapshot),
        undo: 'Nothing to take back: the new agent reads everything anew.',
        verify: 'Done when the new agent pod is Ready: it has 210 s for that, besides the pull of its image.',
        done: (now, at) => newAgent(now, node, pod, at),
        doneMs: startMs + pullMs,
      },
      world,
      signal,
    );
  },
  async run(plan, world) {
    // Another agent may have gone while somebody read.
    const node = world.snapshot().tables.pods.named(plan.object.namespace ?? '', plan.object.name)?.node ?? '';
    const tooMany =
      node === '' ? undefined : othersAway(world.snapshot(), node, serverTime(world.snapshot(), Date.now()));
    if (tooMany !== undefined) return { outcome: 'refused', kind: 'conflict', ...tooMany };
    return sendPlanned(plan, world);
  },
};

function agentOn(snapshot: Snapshot, node: string, now: number): Agent | undefined {
  return agents(snapshot, now).find((agent) => agent.node === node);
}

/** Never more agents away than the DaemonSet itself would replace at once. One that is away already adds nothing. */
function othersAway(snapshot: Snapshot, node: string, now: number): { what: string; hint: string } | undefined {
  const all = agents(snapshot, now);
  const most = agentRollout(snapshot, all, now)?.mostUnavailable ?? 1;
  if (all.find((agent) => agent.node === node)?.pod?.ready !== true) return undefined;
  const away = all.filter((agent) => isWanted(agent) && agent.node !== node && agent.pod?.ready !== true);
  if (away.length < most) return undefined;
  const names = someOf(away.map((agent) => agent.node));
  return {
    what: `This agent is ready, and ${counted(away.length, 'other')} ${away.length === 1 ? 'is' : 'are'} not (${names}): the DaemonSet allows ${most} away at once.`,
    hint: 'Begin with those that are not ready.',
  };
}

function meanwhile(snapshot: Snapshot): readonly string[] {
  const proxied = ciliumConfig(snapshot)['enable-l7-proxy'] === 'true';
  return [
    'Existing connections go on; new pods on this node and changes of policies there wait until the new agent is ready.',
    ...(proxied ? ['Flows that DNS and L7 rules send through the proxy pause until then.'] : []),
  ];
}

function newAgent(snapshot: Snapshot, node: string, before: PodRow, now: number): Seen {
  const agent = agentOn(snapshot, node, now);
  const pod = agent?.pod;
  if (pod === undefined) return { seen: false, waits: `there is no agent pod on ${node} yet` };
  if (pod.uid === before.uid) return { seen: false, waits: `the old pod ${pod.name} is still ending` };
  if (pod.ready) return { seen: true, text: `The new agent ${pod.name} on ${node} is ready.` };
  const words = agent?.failing?.message ?? '';
  const waits = `the new agent ${pod.name} is ${pod.status}${words === '' ? '' : ` (${words})`}`;
  const alike = failsAlike(before, pod, now);
  if (alike === undefined) return { seen: false, waits };
  const text = `Restarted, but the new agent ${pod.name} on ${node} fails as the old one did: ${alike}.`;
  return { seen: false, waits, vain: { text, hint: notCured } };
}

/** Domain §10, R1. */
const notCured =
  'A restart does not cure it: cordon, drain and reimage the node, and keep its log for a support case. :runbook agent-crash-loop looks for the cause.';
