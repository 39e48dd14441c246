import { expect, it } from 'vitest';
import { isGoExpression } from '../../../src/model/policies/go-expression.ts';

it.each([
  '',
  '/api/v[12]/.*',
  'GET|POST',
  '(?i)get',
  '(?i:get)|(?P<verb>post)',
  '[[:alpha:]]+[^[:digit:]]',
  '^*/a$*',
  '\\Q(\\E',
  '\\Aa\\z',
  '\\(?=',
  '[(?=]',
  '\\pN{2}',
  'a{,2}',
])('takes %s', (pattern) => {
  expect(isGoExpression(pattern)).toBe(true);
});

it.each(['(', ')', '[', '*a', 'a**', 'a{3,1}', '[b-a]', 'a\\', '(?=a)', '(?<!a)b', '(a)\\1'])(
  'refuses %s',
  (pattern) => {
    expect(isGoExpression(pattern)).toBe(false);
  },
);
