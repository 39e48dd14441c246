import type { NodeRow } from '../../model/objects/node.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** Nodes with a kubelet of their own that are meant to stay; neither virtual ones nor ones being deleted. */
export function realNodes(snapshot: Snapshot): NodeRow[] {
  return [...snapshot.tables.nodes.rows.values()].filter((node) => !isVirtual(node) && node.deleting === 0);
}

/** Real nodes on which an agent can run. A node that has not said its system yet counts as Linux. */
export function linuxNodes(snapshot: Snapshot): NodeRow[] {
  return realNodes(snapshot).filter((node) => node.os !== 'windows');
}

/**
 * A virtual kubelet (ACI and the like) runs no agent and no daemon. The label alone proves nothing, as anyone can set
 * it on a real node: it is the kubelet's version or the provider's taint that gives it away.
 */
export function isVirtual(node: NodeRow): boolean {
  return (
    /-vk-|virtual-kubelet/i.test(node.kubelet) || node.taints.some(({ key }) => key === 'virtual-kubelet.io/provider')
  );
}

/** When the node's Ready condition last turned, or when it was created: 0 where neither is known. */
export function readyTurned(node: NodeRow): number {
  return node.conditions.find(({ type }) => type === 'Ready')?.since || node.created;
}

/** The kubelet runs but says that no network plugin is set up: an effect of the agent or of CNS. */
export function lacksCni(node: NodeRow): boolean {
  const ready = node.conditions.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'False') return false;
  return /cni plugin not initialized|NetworkPluginNotReady|network plugin is not ready/i.test(ready.message);
}
