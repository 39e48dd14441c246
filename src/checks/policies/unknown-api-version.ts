import type { Lint } from './lint.ts';

export const unknownApiVersion: Lint = {
  id: 'policies/unknown-api-version',
  title: 'Policy of a version that is not served',
  why: 'The API server knows the kind under one version only and refuses every other one, so the policy never reaches the cluster.',
  severity: 'error',
  byItself: true,
  look: ({ served, rejected }) =>
    served
      ? []
      : rejected.map((reason) => ({
          path: 'apiVersion',
          text: reason.replace(/^apiVersion: /, ''),
          next: 'Write the version that is served.',
        })),
};
