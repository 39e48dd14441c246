import { aksMode } from '../../model/azure/aks-mode.ts';
import { isAtLeast } from '../../model/versions.ts';
import type { Check } from '../check.ts';
import { managedCluster, suspectCluster, versionOf } from './managed.ts';

export const dualStackUnsupportedVersion: Check = {
  id: 'azure/dual-stack-unsupported-version',
  title: 'Two address families before Kubernetes 1.29',
  why: 'Azure supports IPv4 and IPv6 together with Cilium from Kubernetes 1.29 on. Below it nobody tests them together.',
  severity: 'warning',
  needs: ['arm'],
  look: (snapshot) =>
    suspectCluster(
      snapshot,
      (cluster) =>
        aksMode(cluster).network === 'managed-cilium' &&
        cluster.network.ipFamilies.some((family) => /^ipv6$/i.test(family)) &&
        isAtLeast(versionOf(cluster), '1.29') === false,
    ),
  tell(suspects, snapshot) {
    const cluster = managedCluster(snapshot);
    const version = cluster ? versionOf(cluster) : '';
    return [
      {
        title: `IPv6 beside IPv4 on Kubernetes ${version}, supported from 1.29`,
        objects: suspects.map(({ object }) => object),
        evidence: [`ipFamilies ${cluster?.network.ipFamilies.join(', ')}`],
        reach: 'the cluster',
        next: 'Upgrade to Kubernetes 1.29 or later.',
      },
    ];
  },
};
