import type { Lint } from './lint.ts';

export const denyOnlyIsolates: Lint = {
  id: 'policies/deny-only-isolates',
  title: 'Policy that only denies, and isolates',
  why: 'A policy with nothing but deny rules still switches its pods to default deny in that direction. Where no other policy allows anything, everything is denied, not only what is named.',
  severity: 'warning',
  look(policy, index) {
    return policy.specs.flatMap((spec) =>
      (['ingress', 'egress'] as const).flatMap((direction) => {
        const own = spec.rules.filter((rule) => rule.direction === direction);
        if (
          spec.subject.type === 'nodes' ||
          own.length === 0 ||
          !own.every(({ deny, defaultDeny }) => deny && defaultDeny)
        )
          return [];
        const classes = index.classesOf(spec.subject.selector, policy.ref.namespace);
        const stranded = classes.filter((one) => index.applied(one, direction).allow.length === 0);
        if (classes.length > 0 && stranded.length === 0) return [];
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
