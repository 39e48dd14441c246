import type { Lint } from './lint.ts';

export const seedAnnotations: Lint = {
  id: 'policies/seed-annotations',
  title: 'Annotation that means nothing',
  why: 'A widespread example sets annotations under io.cilium.network-policy.k8s.io. Cilium has never known them, so what they seem to switch on is not on.',
  severity: 'warning',
  byItself: true,
  look: ({ remarks }) =>
    remarks
      .filter(({ id }) => id === 'seed-annotation')
      .map(({ path, text }) => ({ path, text, next: 'Take it out; default deny comes from the rules alone.' })),
};
