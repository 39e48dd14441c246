import { isAgentPod } from '../model/agents.ts';
import type { Impact } from '../model/finding.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Suspect } from './check.ts';

/** How far these suspects reach, each thing counted once. `pods` of a node that is named are not counted: they may be well. */
export function impactOf(suspects: readonly Suspect[], snapshot: Snapshot): Impact {
  const nodes = new Set<string>();
  const pods = new Set<string>();
  for (const { object, node } of suspects) {
    if (object.kind === 'Node') nodes.add(object.name);
    else if (object.kind === 'Pod' || object.kind === 'CiliumEndpoint') {
      const { namespace = '', name } = object;
      // An agent is no pod among others: who has lost it is its node.
      if (node !== undefined && isAgent(snapshot, namespace, name)) nodes.add(node);
      else pods.add(`${namespace}/${name}`);
    } else if (node !== undefined) nodes.add(node);
  }
  return { nodes: nodes.size, pods: pods.size, drops: dropsOf(suspects) };
}

function isAgent({ tables }: Snapshot, namespace: string, name: string): boolean {
  const pod = tables.pods.named(namespace, name);
  return pod !== undefined && isAgentPod(pod);
}

/** Checks of drops have the rate on their suspects. */
function dropsOf(suspects: readonly (Suspect & { drop?: { perSecond: number } })[]): number {
  return suspects.reduce((sum, { drop }) => sum + (drop?.perSecond ?? 0), 0);
}

/** One number to rank by: a node weighs as much as the pods that run on one on average, a packet a second as a pod. */
export function weightOf({ nodes, pods, drops }: Impact, { tables }: Snapshot): number {
  const perNode = tables.nodes.rows.size === 0 ? 1 : Math.max(1, tables.pods.rows.size / tables.nodes.rows.size);
  return nodes * perNode + pods + drops;
}
