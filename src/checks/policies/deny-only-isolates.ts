import type { Direction, Policy } from '../../model/policies/rule.ts';
import type { Lint } from './lint.ts';
import { rulesOf } from './rule-paths.ts';

export const denyOnlyIsolates: Lint = {
  id: 'policies/deny-only-isolates',
  title: 'Policy that only denies, and isolates',
  why: 'A policy with nothing but deny rules still switches its pods to default deny in that direction. Where no other policy allows anything, everything is denied, not only what is named.',
  severity: 'warning',
  look(policy, ground) {
    return policy.specs.flatMap((spec) =>
      (['ingress', 'egress'] as const).flatMap((direction) => {
        const own = spec.rules.filter((rule) => rule.direction === direction);
        if (
          spec.subject.type === 'nodes' ||
          own.length === 0 ||
          !own.every(({ deny, defaultDeny }) => deny && defaultDeny)
        )
          return [];
        const classes = ground.classesOf(spec.subject.selector, policy.ref.namespace);
        const stranded = classes.filter((one) => ground.applied(one, direction).allow.length === 0);
        if (
          classes.length > 0 ? stranded.length === 0 : ground.neighbours(policy).some((one) => allows(one, direction))
        )
          return [];
        return [
          {
            path: `${spec.path}.${direction}Deny`,
            text: `it has only ${direction}Deny, and nothing else allows ${direction}: all of it is denied`,
            next: `Set enableDefaultDeny: {${direction}: false}, or allow the rest in ${direction}.`,
          },
        ];
      }),
    );
  },
};

/** Where no pods are known it may be about the same ones. */
function allows(policy: Policy, direction: Direction): boolean {
  return rulesOf(policy).some(({ rule }) => rule.direction === direction && !rule.deny && rule.peers.length > 0);
}
