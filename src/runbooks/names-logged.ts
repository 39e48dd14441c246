import { agentContainer } from '../model/agents.ts';
import type { ObjectRef } from '../model/ref.ts';
import { agentOn, agentRef } from './agent-on-node.ts';
import { nothingOf, seen } from './look.ts';
import type { Cause, LookAsks, Looked, RunState } from './runbook.ts';
import { saidEvidence, saidOf } from './said-of.ts';

const hour = 3_600_000;

/**
 * What the agent of a pod's node said within the hour of names and of its DNS proxy: `patterns` are those of domain §5,
 * rows 24–26. It does not say whose names they were, so that a cause is no more than possible.
 */
export async function namesLogged(
  state: RunState,
  node: string,
  patterns: readonly (keyof typeof causes)[],
  asks: Pick<LookAsks, 'logs'>,
  signal: AbortSignal,
): Promise<Looked> {
  const agent = agentOn(state, node);
  if (agent?.pod === undefined) return nothingOf(`no agent of ${node || 'its node'} is known`, 'pods');
  const { namespace, name: pod } = agent.pod;
  const speaker = { namespace, pod, container: agentContainer, program: 'agent' as const };
  const { said } = await saidOf(asks, [speaker], patterns, hour, signal);
  if (said.length === 0) return { evidence: [seen('nothing of names in the last hour', 'log of cilium-agent')] };
  const told = said.filter(({ lines, pattern }) => lines.length >= (rare.has(pattern.id) ? 1 : 5));
  return {
    evidence: saidEvidence(said),
    causes: told.flatMap(({ pattern }) => causeOf(pattern, agentRef(agent))),
  };
}

/** One of these is enough; of the others some are usual under load. */
const rare: ReadonlySet<string> = new Set(['fqdn-too-many-addresses', 'wireguard-port-taken']);

const causes = {
  'fqdn-too-many-addresses': 'too-many-addresses',
  'fqdn-update-late': 'names-late',
  'dns-upstream-failed': 'proxy-upstream-silent',
  'wireguard-port-taken': 'wireguard-port',
} as const;

function causeOf(
  { id, meaning, next }: { id: string; meaning: string; next: string },
  agent: ObjectRef | undefined,
): Cause[] {
  if (!(id in causes)) return [];
  const cause = causes[id as keyof typeof causes];
  return [{ id: cause, text: meaning, confidence: 'possible', objects: agent ? [agent] : [], next }];
}
