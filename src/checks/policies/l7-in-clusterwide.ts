import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const l7InClusterwide: Lint = {
  id: 'policies/l7-in-clusterwide',
  title: 'Layer 7 rules in a clusterwide policy',
  why: 'AKS does not support layer 7 rules in a CiliumClusterwideNetworkPolicy, whatever Cilium itself would do.',
  severity: 'note',
  byItself: true,
  look(policy) {
    if (policy.ref.kind !== 'CiliumClusterwideNetworkPolicy') return [];
    return rulesOf(policy)
      .filter(
        ({ rule }) =>
          rule.ports !== 'all' && rule.ports.some((port) => port.type === 'transport' && port.l7 !== undefined),
      )
      .map(({ rule, spec }) => ({
        path: pathOf(rule, spec),
        text: 'has layer 7 rules, which AKS supports in CiliumNetworkPolicies only',
        next: 'Move the rule into a CiliumNetworkPolicy of each namespace.',
      }));
  },
};
