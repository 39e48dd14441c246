import { offerOn } from '../actions/offer.ts';
import { recreatePod } from '../actions/recreate-pod.ts';
import { restartAgent } from '../actions/restart-agent.ts';
import { lastWords } from '../checks/agents/workload-lines.ts';
import { count, names, number } from '../checks/words.ts';
import { isSick } from '../model/agents.ts';
import type { PodRow } from '../model/objects/pod.ts';
import { cns } from '../model/pools.ts';
import type { ObjectRef } from '../model/ref.ts';
import { type StuckPod, stuckPods } from '../model/stuck-pods.ts';
import { agentOn, agentRef, nodeRef } from './agent-on-node.ts';
import { isStarting } from './is-starting.ts';
import { classifiedLog } from './last-words.ts';
import { mustRead, nothingOf, readBy, restsOn, seen, speaksAgainst, speaksFor } from './look.ts';
import type { LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { causeOf } from './stuck-causes.ts';

/** R2 of domain §10. */
export const podsStuckCreating: Runbook = {
  id: 'pods-stuck-creating',
  title: 'Pods stay in ContainerCreating',
  says: 'Why pods get no network: by the words of the CNI in their events, then the agent and azure-cns of their nodes. Rules out pods that wait for a node, an image or a volume: those are not the network’s.',
  from: ['pods/stuck-creating', 'nodes/cns-not-ready', 'endpoints/stuck', 'endpoints/pod-without-endpoint'],
  target: { kinds: ['Pod', 'Node'], suspects: () => [] },
  steps: [
    {
      type: 'look',
      id: 'waiting-pods',
      title: 'which pods wait, and what the CNI says of them',
      decides: true,
      async look(state) {
        mustRead(state, ['pods', 'systemPods', 'events']);
        return waiting(state);
      },
    },
    {
      type: 'look',
      id: 'agents-there',
      title: 'the agents of these nodes',
      skip: noneStuck,
      async look(state) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
        return agentsThere(state);
      },
    },
    {
      type: 'look',
      id: 'cns-there',
      title: 'azure-cns of these nodes',
      skip: (state) =>
        noneStuck(state) || (cns(state.snapshot).length === 0 ? 'no azure-cns here: addresses are Cilium’s own' : ''),
      look: cnsThere,
    },
    {
      type: 'look',
      id: 'agent-says',
      title: 'what the agent of one of these nodes says of itself',
      skip: (state) =>
        noneStuck(state) || (readyAgent(state) === undefined ? 'no agent there is ready to be asked' : ''),
      look: agentSays,
    },
    {
      type: 'offer',
      id: 'mend',
      title: 'what may help',
      offers(state) {
        const [node] = state.cause?.objects.filter(({ kind }) => kind === 'Node') ?? [];
        const pod = cns(state.snapshot).find((one) => one.node.name === node?.name)?.pod;
        if (state.cause?.id === 'cns-down' && pod !== undefined) {
          const { namespace, name } = pod;
          return [offerOn(state.snapshot, recreatePod, { namespace, name }, `recreate ${name} on ${pod.node}`)];
        }
        if (node === undefined || !['agent-down', 'agent-overloaded', 'agent-refuses'].includes(state.cause?.id ?? ''))
          return [];
        return [offerOn(state.snapshot, restartAgent, { node: node.name }, `restart the agent on ${node.name}`)];
      },
    },
  ],
};

function stuckOf(state: RunState): readonly StuckPod[] {
  const about = whereAsked(state);
  return stuckPods(state.snapshot).filter(({ pod }) => isAbout(pod, about));
}

/** Who asks about azure-cns or an agent asks about the pods that it keeps waiting: those of its node. */
function whereAsked({ snapshot, target }: RunState): ObjectRef | undefined {
  if (target?.kind !== 'Pod') return target;
  const { namespace = '', name } = target;
  const pod = snapshot.tables.pods.named(namespace, name);
  const isOfNetwork = pod?.ownerKind === 'DaemonSet' && ['cilium', 'azure-cns'].includes(pod.ownerName);
  return isOfNetwork && namespace === 'kube-system' ? nodeRef(pod.node) : target;
}

function isAbout(pod: PodRow, target: ObjectRef | undefined): boolean {
  if (target === undefined) return true;
  if (target.kind === 'Node') return pod.node === target.name;
  return pod.namespace === target.namespace && pod.name === target.name;
}

function noneStuck(state: RunState): string {
  const known = restsOn(state, 'waiting-pods');
  return known || (readBy(state, 'waiting-pods') === undefined ? 'no pod waits for its network' : '');
}

/** Nodes of stuck pods, those with the most first. */
function nodesOf(state: RunState): readonly string[] {
  return readBy<readonly string[]>(state, 'waiting-pods') ?? [];
}

function waiting(state: RunState): Looked {
  const stuck = stuckOf(state);
  if (stuck.length === 0) return notTheirNetwork(state);
  const classes = [...Map.groupBy(stuck, ({ words }) => words.id)].toSorted(([, a], [, b]) => b.length - a.length);
  const nodes = [...Map.groupBy(stuck, ({ pod }) => pod.node)].toSorted(([, a], [, b]) => b.length - a.length);
  const all = state.snapshot.tables.nodes.rows.size;
  const where = `on ${nodes.length} of ${count(all, 'node')}: ${names(nodes.map(([node, pods]) => `${node} ×${pods.length}`))}`;
  const evidence = classes.slice(0, 3).flatMap(([, group]) => {
    const [one] = group.toSorted((a, b) => b.event.count - a.event.count);
    if (one === undefined) return [];
    const about = { kind: 'Pod', namespace: one.pod.namespace, name: one.pod.name };
    const text = `${count(group.length, 'pod')}: ${one.words.text} · ×${one.event.count} "${one.event.message}"`;
    return [speaksFor(text, 'events', about)];
  });
  const [first] = classes;
  const share = (first?.[1].length ?? 0) / stuck.length;
  const cause = first && causeOf(first[0], first[1], share);
  return {
    evidence: [...evidence, seen(`${count(stuck.length, 'pod')} ${where}`, 'pods')],
    causes: cause === undefined ? [] : [cause],
    value: nodes.map(([node]) => node),
  };
}

/** Others wait as well, for what is not the network's: a node, an image, a volume. */
function notTheirNetwork(state: RunState): Looked {
  const { pods } = state.snapshot.tables;
  const about = whereAsked(state);
  const waits = [...pods.counts('status').keys()]
    .filter((status) => /Pending|ContainerCreating|PodInitializing|ImagePull|ErrImage/.test(status))
    .flatMap((status) => pods.by('status', status))
    .filter((pod) => isAbout(pod, about) && pod.deleting === 0);
  const source = 'pods and their events';
  const unscheduled = waits.filter(({ node }) => node === '');
  const images = waits.filter(({ status }) => /Image/.test(status));
  const rest = waits.length - unscheduled.length - images.length;
  return {
    evidence: [
      speaksAgainst('no event tells of a pod that gets no network', source),
      ...(unscheduled.length > 0
        ? [
            speaksAgainst(
              `${count(unscheduled.length, 'pod waits', 'pods wait')} for a node: ${unscheduled[0]?.unscheduled}`,
              source,
            ),
          ]
        : []),
      ...(images.length > 0
        ? [speaksAgainst(`${count(images.length, 'pod waits', 'pods wait')} for an image`, source)]
        : []),
      ...(rest > 0 ? [seen(`${count(rest, 'pod is', 'pods are')} being started`, source)] : []),
    ],
  };
}

function agentsThere(state: RunState): Looked {
  const there = nodesOf(state).map((node) => ({ node, agent: agentOn(state, node) }));
  const sick = there.filter(({ agent }) => agent === undefined || isSick(agent));
  if (sick.length === 0)
    return {
      evidence: [
        speaksAgainst(
          `the ${count(there.length, 'agent')} there ${there.length === 1 ? 'is' : 'are'} ready`,
          'pod status',
        ),
      ],
      ruledOut: ['agent-down'],
    };
  return {
    evidence: sick
      .slice(0, 4)
      .map(({ node, agent }) =>
        speaksFor(
          `the agent on ${node} is ${agent?.state ?? 'missing'}${agent?.failing?.message ? `: "${agent.failing.message}"` : ''}`,
          'pod status',
          agent && agentRef(agent),
        ),
      ),
    causes: [
      {
        ...{ id: 'agent-down', confidence: sick.length === there.length ? 'certain' : 'likely' },
        text: `The agent is down on ${count(sick.length, 'node')} of the ${there.length} where pods wait: ${names(sick.map(({ node }) => node))}.`,
        objects: sick.slice(0, 5).map(({ node }) => nodeRef(node)),
        next: 'Runbook agent-crash-loop says why; pods try again by themselves once the agent runs.',
      },
    ],
  };
}

async function cnsThere(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
  const nodes = new Set(nodesOf(state));
  const there = cns(state.snapshot).filter(({ node }) => nodes.has(node.name));
  const down = there.filter(({ ready, pod }) => !ready && !isStarting(pod, state.now));
  const [one] = down.length > 0 ? down : there;
  const log =
    one?.pod === undefined
      ? undefined
      : await cnsLog(one.pod, asks, signal).catch((error: unknown) => String((error as Error).message));
  const missed = typeof log === 'string' ? { missed: `the log of ${one?.pod?.name}: ${log}` } : {};
  const said = typeof log === 'object' ? log.evidence : [];
  if (down.length === 0)
    return {
      evidence: [
        there.every(({ ready }) => ready)
          ? speaksAgainst(`azure-cns is ready on all ${there.length} of them`, 'pod status')
          : seen('azure-cns has just been started there, and hands out addresses in a moment', 'pod status'),
        ...said.filter(({ speaks }) => speaks === 'for'),
      ],
      ruledOut: ['cns-down'],
      ...missed,
    };
  return {
    evidence: [
      ...down.slice(0, 4).map(({ node, pod }) => {
        const words = pod === undefined ? '' : lastWords(pod);
        const ref = pod && { kind: 'Pod', namespace: pod.namespace, name: pod.name };
        return speaksFor(
          `azure-cns on ${node.name}: ${pod?.status ?? 'no pod'}${words === '' ? '' : `: "${words}"`}`,
          'pod status',
          ref,
        );
      }),
      ...said,
    ],
    causes: [
      {
        ...{ id: 'cns-down', confidence: down.length === there.length ? 'certain' : 'likely' },
        text: `azure-cns is not ready on ${count(down.length, 'node')} where pods wait, and hands out no address: ${names(down.map(({ node }) => node.name))}.`,
        objects: down.slice(0, 5).map(({ node }) => nodeRef(node.name)),
        next: 'Delete its pod once; if it says the same again, mend what its last words name, or cordon, drain and reimage the node.',
      },
    ],
    ...missed,
  };
}

function cnsLog(pod: PodRow, asks: LookAsks, signal: AbortSignal) {
  const container = pod.containers.find(({ init }) => !init)?.name ?? 'cns-container';
  const hasEnded = pod.containers.some(({ name, last }) => name === container && last !== undefined);
  const { namespace, name } = pod;
  return classifiedLog(
    asks,
    { namespace, pod: name, container, program: 'cns', previous: hasEnded && !pod.ready },
    signal,
  );
}

function readyAgent(state: RunState) {
  return nodesOf(state)
    .map((node) => agentOn(state, node))
    .find((agent) => agent?.state === 'ready');
}

async function agentSays(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const agent = readyAgent(state);
  if (agent === undefined) return nothingOf('no agent there is ready', 'pod status');
  const status = await asks.agent(agent, 'status', signal);
  const source = 'exec cilium-dbg status';
  const troubles = [
    ...status.troubles.map(({ part, state: how, text }) => `${part} ${how}: ${text}`),
    ...status.controllers.map(
      ({ name, failures, lastError }) => `controller ${name} failed ${number(failures)} times: ${lastError}`,
    ),
  ];
  if (troubles.length === 0)
    return { evidence: [speaksAgainst(`the agent on ${agent.node} says that it is well`, source, agentRef(agent))] };
  return { evidence: troubles.slice(0, 5).map((text) => speaksFor(text, source, agentRef(agent))) };
}
