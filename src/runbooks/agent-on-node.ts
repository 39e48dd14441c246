// The agent of a node, what its containers said, and what it answers.
import { UserError } from '../errors.ts';
import { type Agent, agentContainer, agents } from '../model/agents.ts';
import type { LogRequest } from '../model/asks.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { LookAsks, RunState } from './runbook.ts';

/** Undefined where nobody knows such a node. */
export function agentOn({ snapshot, now }: Pick<RunState, 'snapshot' | 'now'>, node: string): Agent | undefined {
  return agents(snapshot, now).find((agent) => agent.node === node);
}

/** The agent the object is about: a node's, a pod's node's, or the agent pod itself. */
export function agentOf(state: Pick<RunState, 'snapshot' | 'now'>, ref: ObjectRef | undefined): Agent | undefined {
  if (ref === undefined) return undefined;
  if (ref.kind === 'Node') return agentOn(state, ref.name);
  if (ref.kind !== 'Pod') return undefined;
  const pod = state.snapshot.tables.pods.named(ref.namespace ?? '', ref.name);
  return pod === undefined || pod.node === '' ? undefined : agentOn(state, pod.node);
}

export function agentRef(agent: Agent): ObjectRef | undefined {
  return agent.pod && { kind: 'Pod', namespace: agent.pod.namespace, name: agent.pod.name };
}

/** Nodes and their agents are what most runbooks of one node are about. */
export function nodeRef(name: string): ObjectRef {
  return { kind: 'Node', name };
}

/** The last lines of a log, oldest first. Rejects with a UserError where it cannot be read. */
export async function readLog(
  asks: Pick<LookAsks, 'logs'>,
  request: Omit<LogRequest, 'follow'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const event of asks.logs({ tailLines: 200, ...request, follow: false }, signal)) {
    if (event.type === 'lines') lines.push(...event.lines);
  }
  return lines;
}

/**
 * What the agent of this pod answers to a reading command (domain §4.5): its output. Rejects with a UserError where it
 * did not come to its end, or ended with an error.
 */
export async function askAgent(
  asks: Pick<LookAsks, 'exec'>,
  agent: Agent,
  args: readonly string[],
  signal: AbortSignal,
  limitMs = 10_000,
): Promise<string> {
  if (agent.pod === undefined) throw new UserError(`There is no agent pod on ${agent.node}.`);
  const target = { namespace: agent.pod.namespace, pod: agent.pod.name, container: agentContainer };
  const answer = await asks.exec(target, ['cilium-dbg', ...args], limitMs, signal);
  const what = `cilium-dbg ${args.join(' ')}`;
  if (answer.ended === 'time') throw new UserError(`${what} on ${agent.node}: no answer within ${limitMs / 1_000}s.`);
  if (answer.ended === 'size') throw new UserError(`${what} on ${agent.node}: the answer is too large to be read.`);
  if (answer.exitCode !== 0) {
    const [words = ''] = (answer.stderr || answer.stdout).trim().split('\n');
    throw new UserError(`${what} on ${agent.node} ended with ${answer.exitCode}${words === '' ? '' : `: ${words}`}`);
  }
  return answer.stdout;
}
