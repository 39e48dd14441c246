import type { Lint } from './lint.ts';

export const unknownField: Lint = {
  id: 'policies/unknown-field',
  title: 'Field that has no effect',
  why: 'The API server drops a field it does not know, mostly a misspelt one. The rule that is left says something else, and may isolate without allowing anything.',
  severity: 'warning',
  byItself: true,
  look: ({ remarks }) =>
    remarks
      .filter(({ id }) => id === 'unknown-field')
      .map(({ path, text }) => ({ path, text, next: 'Mend the name of the field, or take it out.' })),
};
