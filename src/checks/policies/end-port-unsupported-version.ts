import type { Lint } from './lint.ts';

export const endPortUnsupportedVersion: Lint = {
  id: 'policies/end-port-unsupported-version',
  title: 'Port range that this Cilium ignores',
  why: 'Cilium honours endPort from 1.17. Before, only the first port of the range is allowed, and the rest is denied without a word.',
  severity: 'error',
  byItself: true,
  look: ({ remarks }) =>
    remarks
      .filter(({ id }) => id === 'end-port')
      .map(({ path, text }) => ({ path, text, next: 'List the ports one by one, or upgrade to Cilium 1.17.' })),
};
