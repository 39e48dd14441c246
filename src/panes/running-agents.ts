import type { AskedAgent } from '../model/agent-says/agent-says.ts';
import { agentContainer } from '../model/agents.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { readAgents } from './read-agents.ts';

/** An agent in which a command can be run. */
export type RunningAgent = {
  node: string;
  namespace: string;
  pod: string;
  sick: boolean;
  /** By its metrics; 0 = none, or not read. */
  dropsPerSecond: number;
  unreachableNodes: number;
};

/** Agents that run, of the given names (parts of a node's name, whole names of pools; none = all). */
export function runningAgents(snapshot: Snapshot, names: readonly string[], now: number): readonly RunningAgent[] {
  const metrics = new Map(snapshot.facts.agentMetrics?.value?.agents.map((one) => [one.node, one]));
  return readAgents(snapshot, now).flatMap((agent) => {
    const { pod, node, pool } = agent;
    const runs = pod?.containers.some(({ name, state }) => name === agentContainer && state === 'running');
    if (pod === undefined || !runs) return [];
    if (names.length > 0 && !names.some((name) => node.includes(name) || pool === name)) return [];
    const counted = metrics.get(node);
    return [
      {
        node,
        namespace: pod.namespace,
        pod: pod.name,
        sick: agent.state !== 'ready',
        dropsPerSecond: counted?.dropsPerSecond ?? 0,
        unreachableNodes: counted?.unreachableNodes ?? 0,
      },
    ];
  });
}

export function askedAgent({ node, namespace, pod }: RunningAgent): AskedAgent {
  return { node, pod: { namespace, name: pod } };
}
