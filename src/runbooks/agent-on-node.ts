// The agent of a node, and what its containers said.
import { UserError } from '../errors.ts';
import { type Agent, agents } from '../model/agents.ts';
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
  let lost = '';
  for await (const event of asks.logs({ tailLines: 200, ...request, follow: false }, signal)) {
    if (event.type === 'lines') lines.push(...event.lines);
    else if (event.type === 'gap') lost = event.text;
  }
  // A file that the node has lost is no log in which nothing stands.
  if (lines.length === 0 && lost !== '') throw new UserError(lost);
  return lines;
}
