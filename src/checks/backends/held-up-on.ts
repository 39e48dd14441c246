import type { PodRow } from '../../model/objects/pod.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Suspect } from '../check.ts';

/** The nodes to blame where none of these pods has come to run there, or the node is away; nothing where one fails by itself. */
export function heldUpOn(pods: readonly PodRow[], { tables }: Snapshot): Pick<Suspect, 'onNodes'> {
  const waits = ({ status, node }: PodRow) =>
    node !== '' && (status === 'ContainerCreating' || tables.nodes.named('', node)?.ready !== 'True');
  return pods.length > 0 && pods.every(waits) ? { onNodes: [...new Set(pods.map(({ node }) => node))] } : {};
}
