import { expect, it } from 'vitest';
import { chartLines } from '../../../src/panes/logs/chart-lines.ts';
import { createTheme } from '../../../src/ui/theme.ts';

const begin = Date.parse('2026-11-22T12:00:00Z');
const values = [9, 9, 9, 1];
const chart = {
  kind: 'time',
  times: values.map((_, index) => begin + index * 60_000),
  series: [{ name: 'Flows', values, most: 9, total: 28 }],
  measure: 'Flows',
} as const;

it.each([4, 12])('values to which rows still come are dim and said to be, in %d lines', (height) => {
  const drawn = (complete: number) =>
    chartLines(chart, 60, height, createTheme({ ascii: false, colour: false }), complete);
  const words = (complete: number) =>
    drawn(complete)
      .flat()
      .map(({ text }) => text)
      .join('');
  expect(words(begin + 170_000)).toContain('≈ still coming in since 12:02');
  expect(words(begin + 240_000)).not.toContain('still coming in');
  const width = (tone: string) =>
    Math.max(
      ...drawn(begin + 170_000)
        .flat()
        .filter((one) => one.tone === tone && /^[ ▁-█]+$/.test(one.text))
        .map(({ text }) => text.length),
    );
  expect(width('accent')).toBe(16);
  expect(width('dim')).toBeGreaterThanOrEqual(16);
});
