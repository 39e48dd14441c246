// What agents count, asked of some of them where nobody reads the metrics of all.
import { messageOf, UserError } from '../errors.ts';
import type { AgentSample } from '../model/agent-says/agent-says.ts';
import { type Agent, agents } from '../model/agents.ts';
import type { LookAsks, RunState } from './runbook.ts';
import { spread } from './spread.ts';

export type AgentSamples = {
  node: string;
  pod: string;
  samples: readonly AgentSample[];
};

const mostAgents = 12;

/**
 * Metrics whose names match, of some agents of each pool, or of `nodes`. Rejects with a UserError where none could be
 * asked; `missed` says how many more there are, '' = none.
 */
export async function agentSamples(
  { snapshot, now }: Pick<RunState, 'snapshot' | 'now'>,
  asks: Pick<LookAsks, 'agent'>,
  pattern: string,
  signal: AbortSignal,
  nodes: readonly string[] = [],
): Promise<{ read: readonly AgentSamples[]; missed: string }> {
  const running = agents(snapshot, now).filter(({ pod, state }) => pod !== undefined && state === 'ready');
  const wanted = nodes.length === 0 ? running : running.filter(({ node }) => nodes.includes(node));
  const chosen = spread(wanted, mostAgents);
  const answers = await Promise.all(chosen.map((agent) => samplesOf(agent, asks, pattern, signal)));
  const read = answers.filter((one): one is AgentSamples => typeof one !== 'string');
  if (read.length === 0) throw new UserError(String(answers[0] ?? 'There is no agent to ask.'), '', 'unread');
  const left = wanted.length - read.length;
  return { read, missed: left === 0 ? '' : `${left} of ${wanted.length} agents were not asked` };
}

/** A text is why it could not be asked. */
async function samplesOf(
  agent: Agent,
  asks: Pick<LookAsks, 'agent'>,
  pattern: string,
  signal: AbortSignal,
): Promise<AgentSamples | string> {
  try {
    const samples = await asks.agent(agent, ['metrics', pattern], signal);
    return { node: agent.node, pod: agent.pod?.name ?? '', samples };
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof UserError ? error.what : messageOf(error);
  }
}
