import { isAtLeast } from '../../model/versions.ts';
import type { Check } from '../check.ts';
import { count } from '../words.ts';
import { managedCluster, suspectCluster, versionOf } from './managed.ts';

export const mtlsLimits: Check = {
  id: 'azure/mtls-limits',
  title: 'Mutual TLS with what it does not go together with',
  why: 'Transit encryption by mutual TLS is a preview: for TCP only and whole namespaces, without policies on ports in them, and not together with Istio. What it does not cover goes in the clear or is dropped.',
  severity: 'warning',
  needs: ['arm', 'networkPolicies', 'ciliumNetworkPolicies'],
  noneIfMissing: ['ciliumNetworkPolicies'],
  look: (snapshot) => {
    const { networkPolicies, ciliumNetworkPolicies } = snapshot.tables;
    const policies = networkPolicies.rows.size + ciliumNetworkPolicies.rows.size;
    return suspectCluster(
      snapshot,
      (cluster) =>
        /^mtls$/i.test(cluster.acns.encryption) &&
        (policies > 0 || cluster.serviceMesh !== '' || isAtLeast(versionOf(cluster), '1.34') === false),
    );
  },
  tell(suspects, snapshot) {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined) return [];
    const { networkPolicies, ciliumNetworkPolicies } = snapshot.tables;
    const policies = networkPolicies.rows.size + ciliumNetworkPolicies.rows.size;
    const hard = [
      cluster.serviceMesh === '' ? '' : `the service mesh add-on (${cluster.serviceMesh}) is on`,
      isAtLeast(versionOf(cluster), '1.34') === false ? `Kubernetes ${versionOf(cluster)} is below 1.34` : '',
    ].filter((text) => text !== '');
    const soft = policies === 0 ? [] : [`there are ${count(policies, 'policy', 'policies')} in namespaces`];
    const [first = ''] = [...hard, ...soft];
    return [
      {
        // Whether a policy lies in an enrolled namespace is not read.
        ...(hard.length === 0 ? { severity: 'note' as const } : {}),
        title: `mutual TLS is on, and ${first}`,
        objects: suspects.map(({ object }) => object),
        evidence: ['transitEncryption mTLS (preview)', ...hard, ...soft],
        reach: 'enrolled namespaces',
        next: 'Keep policies on ports out of the namespaces that are enrolled, or leave those namespaces out.',
      },
    ];
  },
};
