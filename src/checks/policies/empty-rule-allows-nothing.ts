import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const emptyRuleAllowsNothing: Lint = {
  id: 'policies/empty-rule-allows-nothing',
  title: 'Empty rule beside others',
  why: 'In a NetworkPolicy an empty rule allows everything, in Cilium’s policies it allows nothing and only isolates. Beside other rules it does not even do that.',
  severity: 'warning',
  byItself: true,
  look(policy) {
    if (policy.ref.kind === 'NetworkPolicy') return [];
    return (
      rulesOf(policy)
        .filter(({ rule }) => rule.ports === 'all' && rule.peers.length === 0)
        .filter(({ rule, spec }) => !policy.remarks.some(({ path }) => path.startsWith(`${pathOf(rule, spec)}.`)))
        // Alone it is the documented way to deny by default.
        .filter(({ rule, spec }) => spec.rules.some((other) => other !== rule && other.direction === rule.direction))
        .map(({ rule, spec }) => ({
          path: pathOf(rule, spec),
          text: 'names neither peers nor ports: it allows nothing',
          next: `Write ${rule.direction === 'ingress' ? 'fromEntities' : 'toEntities'}: [all] where everybody is meant, or take it out.`,
        }))
    );
  },
};
