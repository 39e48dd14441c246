import { describe, expect, test } from 'vitest';
import { age, cutEnd, cutMiddle, number, pad, width, wrap } from '../../src/ui/text.ts';

const second = 1000;
const hour = 3600 * second;

describe('age', () => {
  const table: [number, string][] = [
    [-5 * second, '0s'],
    [999, '0s'],
    [42 * second, '42s'],
    [119 * second, '119s'],
    [120 * second, '2m'],
    [119 * 60 * second, '119m'],
    [2 * hour, '2h'],
    [47 * hour, '47h'],
    [48 * hour, '2d'],
    [400 * 24 * hour, '400d'],
  ];
  for (const [milliseconds, text] of table) test(text, () => expect(age(milliseconds)).toBe(text));
});

describe('cutting', () => {
  const table: [typeof cutEnd, string, number, string][] = [
    [cutEnd, 'short', 5, 'short'],
    [cutEnd, 'a longer text', 8, 'a longe…'],
    [cutEnd, 'x', 0, ''],
    [cutEnd, 'long', 1, '…'],
    [cutEnd, '漢字漢字', 4, '漢 …'],
    [cutMiddle, 'aks-npsystem-12345678-vmss00003a', 16, 'aks-npsy…s00003a'],
    [cutMiddle, 'ab', 1, '…'],
    [cutMiddle, '漢字漢字漢字', 7, '漢 … 字'],
  ];
  for (const [cut, text, columns, expected] of table) {
    test(`${text} to ${columns}`, () => {
      expect(cut(text, columns)).toBe(expected);
      expect(width(cut(text, columns))).toBeLessThanOrEqual(columns);
    });
  }
});

test('padding makes exactly the width asked for', () => {
  expect(pad('ab', 4)).toBe('ab  ');
  expect(pad('ab', 4, 'right')).toBe('  ab');
  expect(pad('漢', 3)).toBe('漢 ');
  expect(pad('abcdef', 3)).toBe('ab…');
});

test('numbers have their thousands apart', () => {
  expect([0, 999, 1000, 100_000, 1_234_567].map(number)).toEqual(['0', '999', '1,000', '100,000', '1,234,567']);
});

describe('wrapping', () => {
  const table: [string, number, string[]][] = [
    ['one two three', 7, ['one two', 'three']],
    ['', 5, ['']],
    ['averylongword', 5, ['avery', 'longw', 'ord']],
    ['a averylongword', 5, ['a', 'avery', 'longw', 'ord']],
    ['two\nlines', 10, ['two', 'lines']],
    ['漢字漢字', 4, ['漢字', '漢字']],
  ];
  for (const [text, columns, lines] of table)
    test(JSON.stringify(text), () => expect(wrap(text, columns)).toEqual(lines));
});
