import { count, names } from '../checks/words.ts';
import type { Agent } from '../model/agents.ts';
import type { ObjectRef } from '../model/ref.ts';
import { speaksAgainst, speaksFor } from './look.ts';
import type { Evidence, LookAsks, Looked } from './runbook.ts';

/** Endpoints of these agents that enforce policies and have nothing in their map (AKS#5969). Two commands for each agent. */
export async function emptyPolicyMaps(
  asked: readonly Agent[],
  asks: Pick<LookAsks, 'agent'>,
  signal: AbortSignal,
): Promise<Looked> {
  const evidence: Evidence[] = [];
  const pods: ObjectRef[] = [];
  const missed: string[] = [];
  const source = 'exec cilium-dbg bpf policy get';
  for (const agent of asked) {
    const endpoints = await asks.agent(agent, 'endpoints', signal);
    const { maps } = await asks.agent(agent, 'policy-maps', signal);
    if (maps === undefined) {
      missed.push(agent.node);
      continue;
    }
    const enforcing = endpoints.filter(
      ({ enforcing, state: how }) => how === 'ready' && enforcing !== 'none' && enforcing !== '',
    );
    const empty = enforcing.filter(({ id }) => maps.get(id)?.length === 0);
    const known = enforcing.filter(({ id }) => maps.has(id)).length;
    if (known < enforcing.length) missed.push(agent.node);
    for (const { namespace, pod, id } of empty) {
      pods.push({ kind: 'Pod', namespace, name: pod });
      evidence.push(
        speaksFor(
          `${agent.node}: endpoint ${id} (${namespace}/${pod}) enforces policies, and its map is empty`,
          source,
        ),
      );
    }
    if (empty.length === 0)
      evidence.push(
        speaksAgainst(`${agent.node}: ${count(known, 'endpoint')} that enforce policies have entries`, source),
      );
  }
  const told =
    missed.length === 0
      ? {}
      : { missed: `the agents of ${names(missed)} do not say of every endpoint which map is its` };
  if (pods.length === 0) return { evidence, ...told };
  return {
    evidence,
    causes: [
      {
        id: 'policy-map-empty',
        text: `The policy map of ${names(pods.map(({ namespace, name }) => `${namespace}/${name}`))} is empty although policies are enforced: all its traffic is dropped (AKS#5969).`,
        confidence: 'certain',
        objects: pods,
        next: 'Recreate the pod; narrow policies that select every pod, which bring this about; then AKS support with the agent’s log.',
      },
    ],
    ...told,
  };
}
