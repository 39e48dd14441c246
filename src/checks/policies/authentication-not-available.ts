import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const authenticationNotAvailable: Lint = {
  id: 'policies/authentication-not-available',
  title: 'Mutual authentication that is off',
  why: 'The rule asks for mutual authentication, which this cluster does not have (mesh-auth-enabled): Cilium drops what it would allow with "Authentication required".',
  severity: 'error',
  look: (policy, { facts }) =>
    rulesOf(policy)
      .filter(({ rule }) => rule.authentication !== '' && facts.modes.authentication === false)
      .map(({ rule, spec }) => ({
        path: `${pathOf(rule, spec)}.authentication`,
        text: 'asks for mutual authentication, which is off here',
        next: 'Take authentication out of the rule.',
      })),
};
