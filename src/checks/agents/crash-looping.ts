import { type Agent, agents } from '../../model/agents.ts';
import { onlySickShare } from '../../model/only-sick.ts';
import type { Check } from '../check.ts';
import { startsNoPods } from '../starts-no-pods.ts';
import { count } from '../words.ts';
import {
  type AgentSuspect,
  agentLines,
  agentSuspect,
  earliest,
  lastWords,
  onlyThey,
  placeOf,
  wantedAgents,
  wordsAfter,
} from './sick-agents.ts';

/** On a node that joins, an agent may fail a few times until the API server can be reached. */
const joiningMs = 5 * 60_000;

export const crashLooping: Check<AgentSuspect> = {
  id: 'agents/crash-looping',
  title: 'Agent crash-loops',
  why: 'On these nodes no new pod gets a network and no policy change takes effect. Pods that already run keep their connections and the policies they had.',
  severity: 'error',
  needs: ['nodes', 'systemPods', 'daemonSets'],
  seenIsEnough: ['nodes', 'systemPods', 'daemonSets'],
  clock: true,
  graceMs: 60_000,
  explains: [
    { id: 'azure/log-agents-down', where: 'node' },
    { id: 'agents/not-ready', where: 'node' },
    { id: 'agents/restarting', where: 'node' },
    { id: 'nodes/agent-not-ready-taint', where: 'node' },
    { id: 'nodes/cni-not-initialized', where: 'node' },
    ...startsNoPods,
    { id: 'endpoints/stuck', where: 'node' },
    { id: 'endpoints/pod-without-endpoint', where: 'node' },
    { id: 'agents/unreachable-nodes', where: 'all' },
    { id: 'cluster/rollout-stuck', where: 'node' },
  ],
  look: (snapshot, now) =>
    agents(snapshot, now)
      .filter(({ state }) => state === 'crash-looping')
      .filter(({ nodeRow, created, restarts }) => now - (nodeRow?.created || created) >= joiningMs || restarts >= 5)
      .flatMap(agentSuspect),
  tell(suspects, snapshot, now) {
    const all = agents(snapshot, now);
    const { phase } = snapshot.links.get('systemPods') ?? {};
    const counted = phase === 'live' || phase === 'stale' ? ` of ${count(wantedAgents(all), 'agent')}` : '';
    const byPlace = Map.groupBy(suspects, ({ agent }) => placeOf(agent.failing));
    return [...byPlace].map(([place, group]) => {
      const verb = group.length === 1 ? 'crash-loops' : 'crash-loop';
      const loudest = group.find(({ agent }) => agent.failing?.message)?.agent ?? group[0]?.agent;
      const title = `${counted === '' ? count(group.length, 'agent') : group.length + counted} ${verb}${place}`;
      return {
        title: title + wordsAfter(title, loudest?.failing),
        objects: group.map(({ object }) => object),
        evidence: [...lastWords(group), ...onlyThey(group, all), ...agentLines(group, now)],
        ...earliest(group),
        reach: count(group.length, 'node'),
        next: nextStep(loudest, group, all),
      };
    });
  },
};

/**
 * What only the sick have points at their nodes, else one starts with the pod. The last words stand above; the whole log
 * is what a support case asks for.
 */
function nextStep(loudest: Agent | undefined, group: readonly AgentSuspect[], all: readonly Agent[]): string {
  if (!loudest?.failing || !loudest.pod) return 'Read the log of the container that fails.';
  const { container, hasPrevious, message } = loudest.failing;
  const log = `kubectl -n kube-system logs ${loudest.pod.name} -c ${container}${hasPrevious ? ' --previous' : ''}`;
  if (message === '') return `Read why it ends: ${log}`;
  const sick = new Set(group.map(({ agent }) => agent.node));
  const shared = onlySickShare(all.filter((agent) => sick.has(agent.node) || agent.state === 'ready'));
  const image = shared.find(({ trait }) => trait === 'node image');
  const once = `Delete the pod once: kubectl -n kube-system delete pod ${loudest.pod.name}`;
  const node = image
    ? `cordon and drain its node and take node image ${image.sick} back to ${image.healthy[0]?.value}`
    : 'cordon, drain and reimage its node';
  return `${once}; if it ends alike, ${node}. A support case wants: ${log}`;
}
