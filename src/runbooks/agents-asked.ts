// The same question put to several agents: whom to ask, and what to say of those that did not answer.
import { count, names } from '../checks/words.ts';
import { messageOf, UserError } from '../errors.ts';
import { type Agent, agents } from '../model/agents.ts';
import type { Aspect } from '../model/truth/truth.ts';
import { agentOf, nodeRef } from './agent-on-node.ts';
import type { RunState, Target } from './runbook.ts';
import { spread } from './spread.ts';

/** Commands in containers are few at a time: of a larger cluster some agents are asked. */
const mostAgents = 30;

/** The agent of the target, else as many as may be asked; `left` = how many more there are. */
export function agentsToAsk(state: RunState): { asked: readonly Agent[]; left: number } {
  const own = agentOf(state, state.target);
  if (own !== undefined) return { asked: [own], left: 0 };
  const running = agents(state.snapshot, state.now).filter(({ state: how }) => how === 'ready' || how === 'not-ready');
  const asked = spread(running, mostAgents);
  return { asked, left: running.length - asked.length };
}

/**
 * What each answered. `missed` says who was not asked or did not answer, '' = nobody. Rejects with a UserError where
 * nobody answered.
 */
export async function askEach<T>(
  { asked, left }: ReturnType<typeof agentsToAsk>,
  ask: (agent: Agent) => Promise<T>,
  signal: AbortSignal,
): Promise<{ answers: readonly { agent: Agent; answer: T }[]; missed: string }> {
  const answers: { agent: Agent; answer: T }[] = [];
  const failed: { node: string; why: string }[] = [];
  await Promise.all(
    asked.map(async (agent) => {
      try {
        answers.push({ agent, answer: await ask(agent) });
      } catch (error) {
        signal.throwIfAborted();
        failed.push({ node: agent.node, why: error instanceof UserError ? error.what : messageOf(error) });
      }
    }),
  );
  if (answers.length === 0) throw new UserError(failed[0]?.why ?? 'There is no agent to ask.', '', 'unread');
  const silent = failed.length === 0 ? '' : `No answer of ${names(failed.map(({ node }) => node))}: ${failed[0]?.why}`;
  const unasked = left === 0 ? '' : `${count(left, 'agent')} were not asked: name a node.`;
  return { answers, missed: [silent, unasked].filter(Boolean).join(' ') };
}

/** Nodes of which a truth check of this session found that they differ in this. */
export function toldByTruth(aspect: Aspect): Target['suspects'] {
  return ({ facts }) => {
    const all = (facts.truth?.value?.results ?? []).flatMap(({ differences }) => differences);
    return [...new Set(all.filter((one) => one.aspect === aspect).map(({ node }) => node))].map(nodeRef);
  };
}
