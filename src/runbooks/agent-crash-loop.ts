import { agentLines, agentSuspect } from '../checks/agents/sick-agents.ts';
import { count, names, sinceText } from '../checks/words.ts';
import { type Agent, agents, isWanted } from '../model/agents.ts';
import { onlySickShare, traitsText } from '../model/only-sick.ts';
import { agentOf, agentRef, nodeRef, readLog } from './agent-on-node.ts';
import { changedBefore, isOfTheNetwork } from './changed-before.ts';
import { mustRead, nothingOf, readBy, seen, speaksAgainst, speaksFor } from './look.ts';
import type { Cause, Evidence, Looked, Runbook, RunState } from './runbook.ts';

/** R1 of domain §10. */
export const agentCrashLoop: Runbook = {
  id: 'agent-crash-loop',
  title: 'An agent crash-loops, or does not come up',
  says: 'Why the Cilium agent of a node ends again and again: which container of its pod, with which last words, and whether only this node, one node image or the whole cluster is concerned. Rules out an agent that runs.',
  from: ['agents/crash-looping', 'agents/not-ready', 'agents/restarting'],
  target: {
    kinds: ['Node', 'Pod'],
    suspects: (snapshot, now) =>
      agents(snapshot, now)
        .filter(isDown)
        .map(({ node }) => nodeRef(node)),
  },
  steps: [
    {
      type: 'look',
      id: 'containers',
      title: 'how the containers of the agent pod are',
      decides: true,
      async look(state) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
        const agent = agentOf(state, state.target);
        if (agent === undefined || !isDown(agent)) return allRun(state, agent);
        return { ...containersOf(agent, state.now), value: agent };
      },
    },
    {
      type: 'look',
      id: 'last-words',
      title: "the failing container's last words",
      skip: (state) => (readBy<Agent>(state, 'containers')?.failing ? '' : 'no container of the agent fails'),
      async look(state, asks, signal) {
        const agent = readBy<Agent>(state, 'containers');
        if (!agent?.failing || !agent.pod) return nothingOf('no container fails', 'pod status');
        const { container, hasPrevious } = agent.failing;
        const from = { namespace: agent.pod.namespace, pod: agent.pod.name, container, previous: hasPrevious };
        const lines = await readLog(asks, from, signal);
        const source = `log of ${container}${hasPrevious ? ', the run before' : ''}`;
        return { evidence: lines.slice(-3).map((line) => seen(line, source, agentRef(agent))) };
      },
    },
    {
      type: 'look',
      id: 'only-they',
      title: 'what only the sick agents share',
      skip: notDown,
      async look(state) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
        return sharedOf(state);
      },
    },
    {
      type: 'look',
      id: 'last-change',
      title: 'what was changed shortly before',
      skip: notDown,
      async look(state) {
        const { since = 0 } = readBy<Agent>(state, 'containers') ?? {};
        const changes = changedBefore(state, since, isOfTheNetwork);
        return { evidence: changes.length > 0 ? changes : [seen('nothing that runs the network', 'timeline')] };
      },
    },
  ],
};

function notDown(state: RunState): string {
  return readBy(state, 'containers') === undefined ? 'the agent runs' : '';
}

function isDown({ state }: Agent): boolean {
  return state === 'crash-looping' || state === 'failing';
}

function allRun({ snapshot, now }: RunState, agent: Agent | undefined): Looked {
  if (agent !== undefined) {
    const words = `the agent on ${agent.node} is ${agent.state}${sinceText(agent.since, now)}, ${count(agent.restarts, 'restart')}`;
    return { evidence: [speaksAgainst(words, 'pod status', agentRef(agent))] };
  }
  const wanted = agents(snapshot, now).filter(isWanted);
  return nothingOf(`none of ${count(wanted.length, 'agent')} crash-loops`, 'pod status');
}

function containersOf(agent: Agent, now: number): Looked {
  const evidence: Evidence[] = agentLines(agentSuspect(agent), now).map((line) =>
    speaksFor(line, 'pod status', agentRef(agent)),
  );
  const { failing } = agent;
  if (failing === undefined) return { evidence };
  const words = failing.message === '' ? '' : `: "${failing.message}"`;
  const what = `${failing.init ? 'init container' : 'container'} ${failing.container}`;
  evidence.push(
    speaksFor(
      `${what} ended with ${failing.exitCode}, ${count(failing.restarts, 'restart')}${words}`,
      'pod status',
      agentRef(agent),
    ),
  );
  return { evidence, causes: [causeOf(agent, what, words)] };
}

function causeOf(agent: Agent, what: string, words: string): Cause {
  const { failing, node } = agent;
  return {
    id: failing?.init ? 'init-container-fails' : 'container-fails',
    text: `On ${node} ${what} of the agent ends with ${failing?.exitCode ?? 0}${words}.`,
    confidence: 'certain',
    objects: [nodeRef(node), ...(agentRef(agent) ? [agentRef(agent) as { kind: string; name: string }] : [])],
    next: 'Delete the agent pod once; if it ends alike, cordon, drain and reimage the node, and keep its log for a support case.',
  };
}

function sharedOf({ snapshot, now }: RunState): Looked {
  const all = agents(snapshot, now);
  const sick = all.filter(isDown);
  const shared = onlySickShare(all);
  const where = `${sick.length} of ${count(all.filter(isWanted).length, 'agent')}: ${names(sick.map(({ node }) => node))}`;
  if (shared.length === 0)
    return { evidence: [seen(`${where}; they share nothing that the others have not`, 'nodes')] };
  return { evidence: [seen(`${where}; only they: ${traitsText(shared)}`, 'nodes')] };
}
