import { expect, test } from 'vitest';
import { createTheme } from '../../../src/ui/theme.ts';
import { bar, meter, sparkline } from '../../../src/ui/widgets/charts.ts';

const theme = createTheme({ ascii: false, colour: true });
const ascii = createTheme({ ascii: true, colour: false });

test('a sparkline shows the last values, from nothing to the most', () => {
  expect(sparkline(theme, [0, 1, 4, 8], 4)).toBe(' ▁▄█');
  expect(sparkline(theme, [8], 4)).toBe('   █');
  expect(sparkline(theme, [9, 9, 0, 0], 2)).toBe('  ');
  expect(sparkline(theme, [1, 1000], 2)).toBe('▁█');
  expect(sparkline(theme, [5], 1, 10)).toBe('▄');
  expect(sparkline(ascii, [0, 4, 8], 3)).toBe(' :#');
});

test('a bar is full by its share, whatever it is given', () => {
  expect([0, 0.5, 1, 7, -1, Number.NaN].map((share) => bar(theme, share, 4))).toEqual([
    '░░░░',
    '██░░',
    '████',
    '████',
    '░░░░',
    '░░░░',
  ]);
});

test('a meter says how bad it is', () => {
  expect(meter(theme, 0.5, 9)).toEqual({ text: '██░░  50%', tone: 'ok' });
  expect(meter(theme, 0.85, 9).tone).toBe('warning');
  expect(meter(theme, 0.99, 4)).toEqual({ text: ' 99%', tone: 'error' });
});
