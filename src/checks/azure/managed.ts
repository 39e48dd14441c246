import type { ManagedCluster, ManagedPool } from '../../model/azure/managed-cluster.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Suspect } from '../check.ts';

/** The managed cluster as ARM tells it; checks that look have it, since they need the fact `arm`. */
export function managedCluster(snapshot: Snapshot): ManagedCluster | undefined {
  return snapshot.facts.arm?.value;
}

export function clusterRef({ name }: ManagedCluster): ObjectRef {
  return { kind: 'ManagedCluster', name };
}

export function poolRef({ name }: ManagedPool): ObjectRef {
  return { kind: 'AgentPool', name };
}

/** The cluster itself as the one suspect, where `isSuspect`. */
export function suspectCluster(
  snapshot: Snapshot,
  isSuspect: (cluster: ManagedCluster) => boolean,
): readonly Suspect[] {
  const cluster = managedCluster(snapshot);
  return cluster !== undefined && isSuspect(cluster) ? [{ object: clusterRef(cluster) }] : [];
}

/** `az aks update -g rg -n aks --enable-acns`, to be typed as it stands. */
export function az(cluster: ManagedCluster | undefined, command: string, rest = ''): string {
  const { resourceGroup = '', name = '' } = cluster ?? {};
  return `az ${command} -g ${resourceGroup || '…'} -n ${name || '…'}${rest === '' ? '' : ` ${rest}`}`;
}

/** What ARM says runs, `1.34.2`; where it does not, what is asked for. */
export function versionOf({ currentKubernetesVersion, kubernetesVersion }: ManagedCluster): string {
  return currentKubernetesVersion || kubernetesVersion;
}
