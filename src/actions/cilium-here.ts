import { agentDaemonSet, clusterMode, lacksCilium } from '../model/cluster-mode.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Why nothing is done to Cilium on this cluster; undefined where it runs, or may. */
export function withoutCilium(snapshot: Snapshot): string | undefined {
  if (!lacksCilium(snapshot)) return undefined;
  return 'Cilium is not the network of this cluster: there is no DaemonSet cilium and no cilium-config in kube-system.';
}

/** AKS keeps Cilium's objects as they are: what it would put back is not offered. */
export function isManaged(snapshot: Snapshot): boolean {
  return clusterMode(snapshot).cni === 'managed-cilium';
}

export function agentSetName(snapshot: Snapshot): string {
  return agentDaemonSet(snapshot)?.name ?? 'cilium';
}
