import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const emptyPolicyMapRisk: Lint = {
  id: 'policies/empty-policy-map-risk',
  title: 'ipBlock beside every pod of the cluster',
  why: 'Allowing every pod by a selector gives an endpoint an entry for each identity of the cluster. On AKS new pods have been left with an empty policy map by it, which denies everything while all seems well (AKS#5969).',
  severity: 'warning',
  byItself: true,
  look: (policy) =>
    rulesOf(policy)
      .filter(({ rule }) => rule.peers.some((peer) => peer.type === 'addresses' && peer.block))
      .filter(({ rule }) => rule.peers.some((peer) => peer.type === 'labels' && isEveryPod(peer.selector.requirements)))
      .map(({ rule, spec }) => ({
        path: pathOf(rule, spec),
        text: 'an ipBlock together with an empty namespaceSelector: an entry for each identity of the cluster',
        next: 'Select the pods that are meant, or write toEntities: [cluster] in a CiliumNetworkPolicy.',
      })),
};

function isEveryPod(requirements: readonly { key: string; operator: string }[]): boolean {
  const [only] = requirements;
  return requirements.length === 1 && only?.key === 'io.kubernetes.pod.namespace' && only.operator === 'Exists';
}
