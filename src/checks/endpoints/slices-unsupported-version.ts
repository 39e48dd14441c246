import { ciliumConfig } from '../../model/cluster-mode.ts';
import { hasSlices, versionRulesDated } from '../../model/versions.ts';
import type { Check } from '../check.ts';
import { isManaged, system } from '../installation.ts';

export const slicesUnsupportedVersion: Check = {
  id: 'endpoints/slices-unsupported-version',
  title: 'Slices switched on below Kubernetes 1.32',
  why: 'AKS supports CiliumEndpointSlices from Kubernetes 1.32 on. Below it nobody tests them together, and a reconcile may switch them off while agents read them.',
  severity: 'warning',
  needs: ['configMaps', 'daemonSets'],
  needsVersion: true,
  look(snapshot) {
    const on = ciliumConfig(snapshot)['enable-cilium-endpoint-slice'] === 'true';
    if (!on || !isManaged(snapshot) || hasSlices(snapshot.cluster.kubernetesVersion) !== false) return [];
    return [{ object: { kind: 'ConfigMap', namespace: system, name: 'cilium-config' } }];
  },
  tell: (suspects, snapshot) => [
    {
      title: `slices are on, but Kubernetes ${snapshot.cluster.kubernetesVersion} has no support for them`,
      objects: suspects.map(({ object }) => object),
      evidence: [
        'ConfigMap kube-system/cilium-config: enable-cilium-endpoint-slice=true',
        `AKS supports slices from Kubernetes 1.32 (${versionRulesDated})`,
      ],
      reach: 'the cluster',
      next: 'Upgrade to Kubernetes 1.32 or later, or find out who switched them on.',
    },
  ],
};
