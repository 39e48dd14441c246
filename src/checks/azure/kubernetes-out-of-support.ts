import type { ManagedCluster } from '../../model/azure/managed-cluster.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { minorOf, supportOf, versionRulesDated } from '../../model/versions.ts';
import type { Check } from '../check.ts';
import { names } from '../words.ts';
import { az, managedCluster, suspectCluster, versionOf } from './managed.ts';

export const kubernetesOutOfSupport: Check = {
  id: 'azure/kubernetes-out-of-support',
  title: 'Kubernetes version without support',
  why: 'Azure no longer mends this version of Kubernetes under the cluster’s support plan, nor the Cilium that comes with it. The longer it stays, the more versions the way back goes through.',
  severity: 'warning',
  needs: ['arm'],
  uses: ['armUpgrades'],
  anyNetwork: true,
  look: (snapshot) => suspectCluster(snapshot, (cluster) => lack(cluster) !== ''),
  tell(suspects, snapshot) {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined) return [];
    const minor = minorOf(versionOf(cluster));
    const plan = cluster.supportPlan || 'KubernetesOfficial (assumed)';
    return [
      {
        title: `Kubernetes ${minor} ${lack(cluster)}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `runs ${versionOf(cluster)}, support plan ${plan}, tier ${cluster.tier || 'not said'}`,
          `supported versions by ${versionRulesDated}`,
          ...upgrades(snapshot),
        ],
        reach: 'the cluster',
        next:
          supportOf(versionOf(cluster)) === 'lts'
            ? `Upgrade, or take long-term support: ${az(cluster, 'aks update', '--tier premium --k8s-support-plan AKSLongTermSupport')}`
            : 'Upgrade minor by minor; ciliscope plan upgrade shows what each step brings.',
      },
    ];
  },
};

/** `is out of support`, `is supported with long-term support only`; '' where all is well or nobody knows. */
function lack(cluster: ManagedCluster): string {
  const support = supportOf(versionOf(cluster));
  if (support === 'none') return 'is out of support';
  const hasLongTerm = /^AKSLongTermSupport$/i.test(cluster.supportPlan);
  return support === 'lts' && !hasLongTerm ? 'has long-term support only, which this cluster has not' : '';
}

function upgrades({ facts }: Snapshot): string[] {
  const versions = facts.armUpgrades?.value?.upgrades.filter(({ isPreview }) => !isPreview) ?? [];
  if (versions.length === 0) return [];
  return [
    `can be upgraded to ${names(
      versions.map(({ version }) => version),
      4,
    )}`,
  ];
}
