import { expect, it } from 'vitest';
import { exactName, matchesName, namePattern } from '../../../src/model/policies/name-pattern.ts';

it.each<[string, string[], string[]]>([
  ['*', ['a.b', 'example.com.'], []],
  ['*.example.com', ['www.example.com', 'WWW.Example.COM.'], ['example.com', 'a.www.example.com', 'wwwexample.com']],
  ['*example.com', ['example.com', 'subexample.com'], ['www.example.com']],
  ['sub*.example.com', ['sub.example.com', 'subdomain.example.com'], ['www.example.com', 'example.com']],
  ['a*b*c.example.com', ['abc.example.com', 'a1b2c.example.com'], ['acb.example.com', 'ab.example.com']],
  ['ab*ba.example.com', ['abba.example.com', 'ab-ba.example.com'], ['aba.example.com']],
  ['**.example.com', ['www.example.com', 'a.b.example.com'], ['example.com', 'example.org']],
])('%s', (pattern, matching, others) => {
  const read = namePattern(pattern);
  const matches = (name: string) => read && matchesName(read, name);
  expect(matching.map(matches)).toEqual(matching.map(() => true));
  expect(others.map(matches)).toEqual(others.map(() => false));
});

it('takes as long as the pattern and the name, whatever they are', () => {
  const read = namePattern(`${'a*'.repeat(100)}b`);
  expect(read && matchesName(read, 'a'.repeat(250))).toBe(false);
});

it('refuses what is no name', () => {
  expect([
    exactName('a b'),
    exactName(''),
    exactName('a..b'),
    exactName(1),
    exactName('*.a'),
    namePattern('a/b'),
  ]).toEqual(Array(6).fill(undefined));
  const exact = exactName('one.one.one.one.');
  expect(exact && matchesName(exact, 'ONE.one.one.one')).toBe(true);
});
