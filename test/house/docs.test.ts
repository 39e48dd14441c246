import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checksPage } from '../../docs/checks-page.ts';

it('docs/checks.md is what the checks say of themselves (npm run docs)', () => {
  expect(readFileSync('docs/checks.md', 'utf8')).toBe(checksPage());
});
