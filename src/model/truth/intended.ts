// What the API server's objects say should be, in the form in which agents are asked about it.
import type { CiliumEndpointRow } from '../objects/cilium-endpoint.ts';
import type { PodRow } from '../objects/pod.ts';
import type { Snapshot } from '../snapshot.ts';
import type { TruthTarget } from './truth.ts';

/** A pod that ought to be in the datapath. */
export type IntendedPod = { pod: PodRow; endpoint: CiliumEndpointRow | undefined };

/** A pod that is younger may rightly be known to some and not to others yet (domain §2.2: 0.5 s and the queue). */
export const settledMs = 60_000;

/** The target's pods with an address of their own that have run for a minute, and how many were too young. */
export function intendedPods(
  snapshot: Snapshot,
  target: TruthTarget,
  now: number,
): { pods: readonly IntendedPod[]; young: number } {
  const own = podsOf(snapshot, target).filter((pod) => !pod.hostNetwork && pod.phase === 'Running' && pod.ip !== '');
  const old = own.filter((pod) => now - pod.created >= settledMs);
  return {
    pods: old.map((pod) => ({ pod, endpoint: snapshot.tables.ciliumEndpoints.named(pod.namespace, pod.name) })),
    young: own.length - old.length,
  };
}

/** The node whose agent has the target; '' where it is on none, or gone. */
export function nodeOfTarget({ tables }: Snapshot, target: TruthTarget): string {
  if (target.kind === 'Node') return tables.nodes.named('', target.name)?.name ?? '';
  return tables.pods.named(target.namespace, target.name)?.node ?? '';
}

function podsOf({ tables }: Snapshot, target: TruthTarget): readonly PodRow[] {
  if (target.kind === 'Node') return tables.pods.by('node', target.name);
  const pod = tables.pods.named(target.namespace, target.name);
  return pod === undefined ? [] : [pod];
}
