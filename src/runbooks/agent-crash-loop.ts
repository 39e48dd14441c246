import { offerOn } from '../actions/offer.ts';
import { restartAgent } from '../actions/restart-agent.ts';
import { agentLines, agentSuspect } from '../checks/agents/sick-agents.ts';
import { count, names, sinceText } from '../checks/words.ts';
import { type Agent, agentContainer, agents, isSick, isWanted } from '../model/agents.ts';
import { programOfContainer } from '../model/log-patterns/classify-line.ts';
import { onlySickShare, traitsText } from '../model/only-sick.ts';
import { agentOf, agentRef, nodeRef } from './agent-on-node.ts';
import { changedBefore, isOfTheNetwork } from './changed-before.ts';
import { classifiedLog } from './last-words.ts';
import { mustRead, nothingOf, readBy, restsOn, seen, speaksAgainst, speaksFor } from './look.ts';
import type { Cause, Evidence, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { sickContainer } from './sick-container.ts';

/** R1 of domain §10. */
export const agentCrashLoop: Runbook = {
  id: 'agent-crash-loop',
  title: 'An agent crash-loops, or does not come up',
  says: 'Why the Cilium agent of a node ends again and again, or never becomes ready: which container of its pod, with which last words, and whether this node, one node image or the whole cluster is concerned. Rules out an agent that runs and is ready.',
  from: [
    ...['agents/crash-looping', 'agents/not-ready', 'agents/restarting', 'agents/missing-on-node'],
    'nodes/agent-not-ready-taint',
  ],
  target: {
    kinds: ['Node', 'Pod'],
    suspects: (snapshot, now) =>
      agents(snapshot, now)
        .filter(isSick)
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
        if (agent === undefined || !isSick(agent)) return running(state, agent);
        const { evidence, cause } = sickContainer(state, agent);
        const lines = agentLines(agentSuspect(agent), state.now);
        const pod = lines.map((line) => speaksFor(line, 'pod status', agentRef(agent)));
        return { evidence: [...pod, ...evidence], causes: [cause], value: agent };
      },
    },
    {
      type: 'look',
      id: 'last-words',
      title: 'what the failing container said',
      skip: (state) => runs(state) || (sickAgent(state)?.pod?.node === '' ? 'no container of it has started' : ''),
      look: lastWords,
    },
    {
      type: 'look',
      id: 'events',
      title: 'what the kubelet says of the pod and the node',
      skip: runs,
      look: eventsOf,
    },
    {
      type: 'look',
      id: 'only-they',
      title: 'what only the sick agents share',
      skip: runs,
      look: async (state) => sharedOf(state),
    },
    {
      type: 'look',
      id: 'last-change',
      title: 'what was changed shortly before',
      skip: runs,
      async look(state) {
        const changes = changedBefore(state, sickAgent(state)?.since ?? 0, isOfTheNetwork);
        return { evidence: changes.length > 0 ? changes : [seen('nothing that runs the network', 'timeline')] };
      },
    },
    {
      type: 'offer',
      id: 'mend',
      title: 'what may help',
      offers(state) {
        const agent = sickAgent(state);
        if (agent?.pod === undefined) return [];
        return [offerOn(state.snapshot, restartAgent, { node: agent.node }, `restart the agent on ${agent.node}`)];
      },
    },
  ],
};

function sickAgent(state: RunState): Agent | undefined {
  return readBy<Agent>(state, 'containers');
}

function runs(state: RunState): string {
  return restsOn(state, 'containers') || (sickAgent(state) === undefined ? 'no agent here is sick' : '');
}

function running({ snapshot, now }: RunState, agent: Agent | undefined): Looked {
  if (agent !== undefined) {
    const words = `the agent on ${agent.node} is ${agent.state}${sinceText(agent.since, now)}, ${count(agent.restarts, 'restart')}`;
    return { evidence: [speaksAgainst(words, 'pod status', agentRef(agent))] };
  }
  const wanted = agents(snapshot, now).filter(isWanted);
  return nothingOf(`${count(wanted.length, 'agent')}, none of them sick`, 'pod status');
}

/** The run before tells why it ended; of one that runs without being ready the run now. */
async function lastWords(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const agent = sickAgent(state);
  if (agent?.pod === undefined) return nothingOf('there is no agent pod', 'pod status');
  const { container, hasPrevious } = agent.failing ?? { container: agentContainer, hasPrevious: false };
  const { namespace, name: pod } = agent.pod;
  const program = programOfContainer(container);
  const from = { namespace, pod, container, program, previous: hasPrevious, tailLines: 300 };
  const { evidence, patterns } = await classifiedLog(asks, from, signal);
  const causes = [...patterns.keys()].flatMap((id) => causeOfPattern(id, agent));
  // That it ends, or is not ready, is no cause of its own where its log says why.
  return { evidence, causes, ...(causes.length > 0 ? { ruledOut: ['agent-ends', 'agent-not-ready'] } : {}) };
}

/** Rows 1 to 4 of domain §5: what is said there is not the node's own fault. */
function causeOfPattern(id: string, agent: Agent): readonly Cause[] {
  const objects = [nodeRef(agent.node)];
  const on = `The agent on ${agent.node}`;
  switch (id) {
    case 'api-server-unreachable':
    case 'api-heartbeat-failed':
      return [
        {
          ...{ id: 'api-unreachable', confidence: 'certain', objects },
          text: `${on} cannot reach the API server, by its own log.`,
          next: 'Where only this node is concerned look at its network (NSG, routes, DNS); where many are, at the API server: runbook api-server-throttled.',
        },
      ];
    case 'waits-for-crds':
      return [
        {
          ...{ id: 'waits-for-operator', confidence: 'certain', objects },
          text: `${on} waits for the operator to register Cilium's kinds.`,
          next: 'Look at the operator: once it runs, agents go on by themselves.',
        },
      ];
    case 'crd-version-missing':
      return [
        {
          ...{ id: 'version-missing', confidence: 'certain', objects },
          text: `${on} asks for a version of a kind that the server does not serve.`,
          next: 'Compare the versions of agent and operator: an upgrade stands half-way.',
        },
      ];
    default:
      return [];
  }
}

async function eventsOf(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const agent = sickAgent(state);
  const pod = agent && agentRef(agent);
  if (agent === undefined) return { evidence: [] };
  const about = [...(pod === undefined ? [] : [pod]), nodeRef(agent.node)];
  const told = await Promise.all(
    about.map(async (ref) => (await asks.events(ref, signal)).map((one) => ({ ref, one }))),
  );
  const evidence = told
    .flat()
    .filter(({ one }) => one.type === 'Warning')
    .slice(-4)
    .map(({ ref, one }): Evidence => {
      const text = `${one.reason} ×${one.count}: ${one.message}`;
      return seen(text, 'events', ref);
    });
  return { evidence: evidence.length > 0 ? evidence : [seen('no warning', 'events')] };
}

function sharedOf({ snapshot, now }: RunState): Looked {
  const all = agents(snapshot, now);
  const sick = all.filter(isSick);
  const wanted = all.filter(isWanted).length;
  const where = `${sick.length} of ${count(wanted, 'agent')}: ${names(sick.map(({ node }) => node))}`;
  const shared = onlySickShare(all);
  const image = shared.find(({ trait }) => trait === 'node image');
  const source = 'nodes';
  if (sick.length === wanted)
    return {
      evidence: [speaksFor(`${where}: every agent is sick`, source)],
      causes: [
        {
          ...{ id: 'every-agent', confidence: 'likely', objects: sick.map(({ node }) => nodeRef(node)) },
          text: `All ${count(wanted, 'agent')} are sick at once: that is no node's fault.`,
          next: 'Look at what all share: cilium-config, the operator, the API server, the last rollout of the DaemonSet.',
        },
      ],
    };
  if (image === undefined)
    return {
      evidence: [
        seen(
          `${where}${shared.length > 0 ? `; only they: ${traitsText(shared)}` : '; nothing that the others have not'}`,
          source,
        ),
      ],
    };
  return {
    evidence: [speaksFor(`${where}; only they: ${traitsText(shared)}`, source)],
    causes: [
      {
        ...{ id: 'node-image', confidence: 'likely', objects: sick.map(({ node }) => nodeRef(node)) },
        text: `Only agents on node image ${image.sick} are sick, and all of them.`,
        next: `Take these nodes back to ${image.healthy[0]?.value ?? 'the image the others have'}, or the pool to a newer image; a support case wants the log.`,
      },
    ],
  };
}
