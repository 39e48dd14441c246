import type { Lint } from './lint.ts';

export const rulesOutsidePolicyTypes: Lint = {
  id: 'policies/rules-outside-policy-types',
  title: 'Rules of a direction that policyTypes leaves out',
  why: 'Kubernetes ignores such rules; Cilium takes them and isolates by them. The same policy means two things on two clusters.',
  severity: 'warning',
  byItself: true,
  look: ({ remarks }) =>
    remarks
      .filter(({ id }) => id === 'outside-policy-types')
      .map(({ path, text }) => ({ path, text, next: 'Name the direction in policyTypes, or take its rules out.' })),
};
