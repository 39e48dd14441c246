import { expect, it } from 'vitest';
import { lagText } from '../../src/panes/lag-words.ts';

it.each([
  [{ p50: 0, p99: 0, count: 0 }, 'not measured'],
  [{ p50: 0, p99: 30, count: 4 }, 'p50 0s p99 <0.1s'],
  [{ p50: 640, p99: 2_110, count: 4 }, 'p50 0.6s p99 2.1s'],
  [{ p50: 9_990, p99: 130_000, count: 4 }, 'p50 9s p99 2m'],
])('%o is %s', (lag, text) => expect(lagText(lag)).toBe(text));
