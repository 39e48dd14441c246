import { expect, test } from 'vitest';
import { createTheme } from '../../src/ui/theme.ts';

const colourful = createTheme({ ascii: false, colour: true });
const plain = createTheme({ ascii: false, colour: false });
const ascii = createTheme({ ascii: true, colour: false });

test('a look begins and ends with its text', () => {
  expect(colourful.paint('sick', { tone: 'error' })).toBe('\x1b[1;31msick\x1b[0m');
  expect(colourful.paint('row', { inverse: true, struck: true })).toBe('\x1b[7;9mrow\x1b[0m');
  expect(colourful.paint('as it is', {})).toBe('as it is');
  expect(colourful.paint('', { tone: 'error' })).toBe('');
});

test('without colour everything but colour stays', () => {
  expect(plain.paint('sick', { tone: 'error', inverse: true })).toBe('\x1b[1;7msick\x1b[0m');
  expect(plain.paint('fine', { tone: 'ok' })).toBe('fine');
});

test('in ASCII signs are spelled, one column for one, also those written into texts', () => {
  expect(ascii.paint('● ▲ ✖ ○ ◐ · ─ │ … → ≈', {})).toBe('= ! X ? ~ - - | ~ > ~');
  expect(ascii.paint('漢', {})).toBe('漢');
});
