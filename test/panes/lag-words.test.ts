import { expect, it } from 'vitest';
import { lagLine, lagText } from '../../src/panes/lag-words.ts';

it.each([
  [{ p50: 0, p99: 0, count: 0 }, 'not measured'],
  [{ p50: 0, p99: 30, count: 4 }, 'p50 0s p99 <0.1s'],
  [{ p50: 640, p99: 2_110, count: 4 }, 'p50 0.6s p99 2.1s'],
  [{ p50: 9_990, p99: 130_000, count: 4 }, 'p50 9s p99 2m'],
])('%o is %s', (lag, text) => expect(lagText(lag)).toBe(text));

it.each([
  [56, 'endpoint p50 0.6s p99 2.1s · slice p50 0.6s p99 2.1s'],
  [51, 'endpoint p99 2.1s · slice p99 2.1s'],
])('both ways in %i columns', (columns, text) => {
  const lag = { p50: 640, p99: 2_110, count: 4 };
  expect(lagLine(lag, lag, columns)).toBe(text);
});

it('does not call short what was not measured', () => {
  const none = { p50: 0, p99: 0, count: 0 };
  expect(lagLine(none, { ...none, p99: 30, count: 1 }, 10)).toBe('endpoint – · slice p99 <0.1s');
});
