import { type Agent, type Failing, isWanted } from '../../model/agents.ts';
import { onlyTheyShare, traitsEvidence } from '../../model/only-sick.ts';
import type { Suspect } from '../check.ts';
import { systemPod } from '../installation.ts';
import { age, atMost, sinceText, statusText } from '../words.ts';

/** An agent of which something is wrong. */
export type AgentSuspect = Suspect & { agent: Agent };

/** The agent's pod is the object, its node what else is concerned. None for a node without an agent pod. */
export function agentSuspect(agent: Agent): AgentSuspect[] {
  if (!agent.pod) return [];
  const since = agent.since > 0 ? { since: agent.since } : {};
  return [{ object: systemPod(agent.pod.name), node: agent.node, ...since, agent }];
}

/** How many agents there ought to be. */
export function wantedAgents(agents: readonly Agent[]): number {
  return agents.filter(isWanted).length;
}

/** What all of these have in common and no healthy agent has, as one line; none when there is no such thing. */
export function onlyThey(suspects: readonly AgentSuspect[], agents: readonly Agent[]): readonly string[] {
  const nodes = new Set(suspects.map(({ agent }) => agent.node));
  const well = agents.filter(({ node, state }) => state === 'ready' && !nodes.has(node));
  return traitsEvidence(
    onlyTheyShare(
      suspects.map(({ agent }) => agent),
      well,
    ),
  );
}

/** A line an agent, the longest sick first. */
export function agentLines(suspects: readonly AgentSuspect[], now: number): readonly string[] {
  const sorted = suspects.toSorted((a, b) => (a.since ?? now) - (b.since ?? now));
  return atMost(
    sorted.map(({ agent }) => agentLine(agent, now)),
    6,
    'agent',
  );
}

function agentLine(agent: Agent, now: number): string {
  const where = agent.node.startsWith('(') ? 'on no node yet' : `on ${agent.node}`;
  const restarts = agent.restarts > 0 ? `, ${agent.restarts} restarts${lastRestart(agent, now)}` : '';
  return `Pod kube-system/${agent.pod?.name} ${where}: ${agent.pod ? statusText(agent.pod) : agent.status}${restarts}${sinceText(agent.since, now)}`;
}

function lastRestart({ lastRestart }: Agent, now: number): string {
  return lastRestart > 0 ? `, the last ${age(now - lastRestart)} ago` : '';
}

/** ` in init mount-bpf-fs`, ` in cilium-agent`. */
export function placeOf(failing: Failing | undefined): string {
  if (!failing) return '';
  return ` in ${failing.init ? 'init ' : ''}${failing.container}`;
}

/** `: "operation not permitted"` as much as fits into a title of 78 columns together with what stands before it; '' when nothing was said. */
export function wordsAfter(title: string, said: { message: string } | undefined): string {
  const words = said?.message ?? '';
  if (words === '') return '';
  const room = Math.max(24, 78 - title.length - 4);
  const message =
    words.length > room
      ? `${words
          .slice(0, room - 1)
          .toWellFormed()
          .trimEnd()}…`
      : words;
  return `: "${message}"`;
}

/** What the failing containers said as they ended, in full, with the exit code: once where several died of the same. */
export function lastWords(suspects: readonly AgentSuspect[]): string[] {
  const byWords = Map.groupBy(suspects, ({ agent: { failing } }) =>
    failing?.message ? `${failing.container}, exit code ${failing.exitCode}: ${failing.message}` : '',
  );
  return [...byWords].flatMap(([words]) => (words ? [`last words of ${words}`] : [])).slice(0, 3);
}

/** The earliest beginning that is known. */
export function earliest(suspects: readonly Suspect[]): { since?: number } {
  const known = suspects.flatMap(({ since }) => since ?? []);
  return known.length > 0 ? { since: Math.min(...known) } : {};
}
