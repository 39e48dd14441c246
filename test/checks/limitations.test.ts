import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { checks } from '../../src/checks/index.ts';

type Limitation = { limitation: string; by?: readonly string[]; none?: string };

const limitations = parse(
  readFileSync(new URL('./limitations.yaml', import.meta.url), 'utf8'),
) as readonly Limitation[];
const ids = new Set(checks.map(({ id }) => id));

it.each(limitations)('$limitation', ({ by = [], none = '' }) => {
  expect(by.filter((id) => !ids.has(id))).toEqual([]);
  // Either somebody speaks of it, or it is written down why nobody can.
  expect(by.length > 0).toBe(none === '');
});
