import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/commands/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['30s', 30_000],
    ['2m', 120_000],
    ['500ms', 500],
    ['1m30s', 90_000],
    ['1.5s', 1_500],
    ['1h', 3_600_000],
    ['0', 0],
    ['0s', 0],
  ])('%s', (text, milliseconds) => expect(parseDuration(text, '--timeout')).toBe(milliseconds));

  it.each(['', '30', '-5s', 's', '5 s', '5sec', '1m 30s', '1e3s', 'Infinity', '30s\u001b[31m', '25h', '٣s'])(
    'refuses %j',
    (text) => {
      expect(() => parseDuration(text, '--timeout')).toThrow(/--timeout/);
    },
  );
});
