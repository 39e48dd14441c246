import { type Agent, agents } from '../../model/agents.ts';
import { clock } from '../../model/clock.ts';
import type { Check } from '../check.ts';
import { startsNoPods } from '../starts-no-pods.ts';
import { count, number } from '../words.ts';
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

export const notReady: Check<AgentSuspect> = {
  id: 'agents/not-ready',
  title: 'Agent not ready',
  why: 'The agent runs but fails its health probe, or cannot start. New pods on its node wait for their network, and policy changes may not take effect there.',
  severity: 'error',
  needs: ['nodes', 'systemPods', 'daemonSets'],
  uses: ['events'],
  clock: true,
  // A restarted agent may take the whole of its startup probe (105 × 2 s) to become ready.
  graceMs: 4 * 60_000,
  explains: [
    { id: 'azure/log-agents-down', where: 'node' },
    { id: 'nodes/cni-not-initialized', where: 'node' },
    { id: 'nodes/agent-not-ready-taint', where: 'node' },
    ...startsNoPods,
    { id: 'endpoints/stuck', where: 'node' },
    { id: 'agents/controllers-failing', where: 'node' },
    { id: 'agents/unreachable-nodes', where: 'all' },
    { id: 'endpoints/pod-without-endpoint', where: 'node' },
    { id: 'cluster/rollout-stuck', where: 'node' },
  ],
  look: (snapshot, now) =>
    agents(snapshot, now)
      .filter(({ state, node }) => notRunning.has(state) && !node.startsWith('('))
      // A node that goes takes its agent with it.
      .filter(({ nodeRow }) => nodeRow === undefined || nodeRow.deleting === 0)
      .flatMap(agentSuspect),
  tell(suspects, snapshot, now) {
    const all = agents(snapshot, now);
    const byPlace = Map.groupBy(suspects, ({ agent }) => describe(agent));
    return [...byPlace].map(([what, group]) => {
      const title = `${group.length} of ${count(wantedAgents(all), 'agent')} not ready${what}`;
      return {
        title: title + wordsAfter(title, told(group)),
        objects: group.map(({ object }) => object),
        evidence: [...lastWords(group), ...probes(group), ...onlyThey(group, all), ...agentLines(group, now)],
        ...earliest(group),
        reach: count(group.length, 'node'),
        next: nextStep(group[0]?.agent),
      };
    });
  },
};

/** `terminating` counts only by its age: an agent that does not end blocks its successor. */
const notRunning: ReadonlySet<Agent['state']> = new Set(['not-ready', 'failing', 'terminating']);

function describe({ state, failing }: Agent): string {
  if (state === 'terminating') return ': it does not end';
  if (!failing) return '';
  return `: ${failing.reason}${placeOf(failing)}`;
}

/** What one of them said as it ended, else what the kubelet says of its probe. */
function told(group: readonly AgentSuspect[]): { message: string } | undefined {
  const ended = group.find(({ agent }) => agent.failing?.message)?.agent.failing;
  const probe = group.find(({ agent }) => agent.probe)?.agent.probe;
  return ended ?? (probe && { message: probe.words });
}

/** What the kubelet says of their probes, once where it says the same of several. */
function probes(group: readonly AgentSuspect[]): string[] {
  const told = group.flatMap(({ agent: { probe } }) => probe ?? []);
  return [...Map.groupBy(told, ({ message }) => message)].slice(0, 3).map(([message, all]) => {
    const times = all.reduce((sum, { count }) => sum + count, 0);
    return `event Unhealthy ×${number(times)}, last ${clock(Math.max(...all.map(({ last }) => last)))}: ${message}`;
  });
}

function nextStep(agent: Agent | undefined): string {
  const pod = agent?.pod?.name ?? '';
  if (agent?.state === 'terminating') return `See what holds it: kubectl -n kube-system describe pod ${pod}`;
  if (agent?.failing)
    return `Read why: kubectl -n kube-system describe pod ${pod}, then the log of ${agent.failing.container}.`;
  return `Ask it: kubectl -n kube-system exec ${pod} -c cilium-agent -- cilium-dbg status`;
}
