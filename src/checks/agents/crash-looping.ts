import { type Agent, agents } from '../../model/agents.ts';
import type { Check } from '../check.ts';
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
  clock: true,
  graceMs: 60_000,
  explains: [
    { id: 'agents/not-ready', where: 'node' },
    { id: 'agents/restarting', where: 'node' },
    { id: 'nodes/cni-not-initialized', where: 'node' },
    { id: 'pods/stuck-creating', where: 'node' },
    { id: 'endpoints/stuck', where: 'node' },
    { id: 'endpoints/pod-without-endpoint', where: 'node' },
    { id: 'cluster/rollout-stuck', where: 'node' },
  ],
  look: (snapshot, now) =>
    agents(snapshot, now)
      .filter(({ state }) => state === 'crash-looping')
      .filter(({ created, restarts }) => now - created >= joiningMs || restarts >= 5)
      .flatMap(agentSuspect),
  tell(suspects, snapshot, now) {
    const all = agents(snapshot, now);
    const byPlace = Map.groupBy(suspects, ({ agent }) => placeOf(agent.failing));
    return [...byPlace].map(([place, group]) => {
      const verb = group.length === 1 ? 'crash-loops' : 'crash-loop';
      const loudest = group.find(({ agent }) => agent.failing?.message)?.agent ?? group[0]?.agent;
      const title = `${group.length} of ${count(wantedAgents(all), 'agent')} ${verb}${place}`;
      return {
        title: title + wordsAfter(title, loudest?.failing),
        objects: group.map(({ object }) => object),
        evidence: [...lastWords(group), ...onlyThey(group, all), ...agentLines(group, now)],
        ...earliest(group),
        reach: count(group.length, 'node'),
        next: nextStep(loudest),
      };
    });
  },
};

function nextStep(agent: Agent | undefined): string {
  if (!agent?.failing || !agent.pod) return 'Read the log of the container that fails.';
  const { container, hasPrevious } = agent.failing;
  return `Read its last words: kubectl -n kube-system logs ${agent.pod.name} -c ${container}${hasPrevious ? ' --previous' : ''}`;
}
