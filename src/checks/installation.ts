import { clusterMode } from '../model/cluster-mode.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Azure runs this Cilium and takes it back to what it should be; nobody may change it by hand. */
export function isManaged(snapshot: Snapshot): boolean {
  return clusterMode(snapshot).cni === 'managed-cilium';
}

/** Everything Cilium's own lives here, with AKS as with the Helm chart. */
export const system = 'kube-system';

/** `Pod kube-system/cilium-x2x9k` and the like, as references. */
export function systemPod(name: string): ObjectRef {
  return { kind: 'Pod', namespace: system, name };
}
