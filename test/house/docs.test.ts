import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { actionsPage } from '../../docs/actions-page.ts';
import { checksPage } from '../../docs/checks-page.ts';
import { runbooksPage } from '../../docs/runbooks-page.ts';

it.each([
  ['checks', checksPage],
  ['actions', actionsPage],
  ['runbooks', runbooksPage],
])('docs/%s.md is what its list says (npm run docs)', (name, page) => {
  expect(readFileSync(`docs/${name}.md`, 'utf8')).toBe(page());
});
