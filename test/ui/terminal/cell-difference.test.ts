import headless from '@xterm/headless';
import { describe, expect, test } from 'vitest';
import { cellDifference } from '../../../src/ui/terminal/cell-difference.ts';
import { type Cells, cellsOf } from '../../../src/ui/terminal/cells.ts';
import { fc } from '../../fixtures/seeded.ts';

const columns = 24;
const rows = 6;
const blank = Array.from({ length: rows }, () => cellsOf('', columns));
/** As the painter has it: characters of several code points leave the cursor anywhere. */
const doubtful = (character: string) => [...character].length > 1;

function linesOf(frame: string): Cells[] {
  const lines = frame.split('\n');
  return Array.from({ length: rows }, (_, row) => cellsOf(lines[row] ?? '', columns));
}

/** What a real terminal makes of these bytes: every cell with everything that can be seen of it. */
async function shown(...writes: string[]): Promise<string[]> {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(`\x1b[?7l${writes.join('')}`, resolve));
  const seen: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const cell = terminal.buffer.active.getLine(row)?.getCell(column);
      if (cell === undefined) continue;
      const looks = [
        cell.isBold(),
        cell.isDim(),
        cell.isItalic(),
        cell.isUnderline(),
        cell.isInverse(),
        cell.isStrikethrough(),
      ].map(Boolean);
      const colours = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
      seen.push(`${cell.getChars() || ' '}|${cell.getWidth()}|${looks.map(Number).join('')}|${colours.join(',')}`);
    }
  }
  terminal.dispose();
  return seen;
}

const style = fc.constantFrom(
  '',
  '1',
  '2',
  '3',
  '4',
  '7',
  '9',
  '31',
  '1;32',
  '44',
  '4;33;41',
  '38;5;200',
  '48;2;1;2;3',
  '97;100',
);
const words = fc.constantFrom('a', 'bcd', '   ', '●', '──', '漢字', 'é', 'x漢', '00', '▲ ok', 'ｗ', '한');
const line = fc
  .array(fc.tuple(style, words), { maxLength: 9 })
  .map((parts) => parts.map(([code, word]) => (code === '' ? word : `\x1b[${code}m${word}\x1b[0m`)).join(''));
const frame = fc.array(line, { minLength: rows, maxLength: rows }).map((lines) => lines.join('\n'));

describe('the difference gives what a full repaint gives', () => {
  test('for any two frames after each other', async () => {
    await fc.assert(
      fc.asyncProperty(frame, frame, frame, async (first, second, third) => {
        const [a, b, c] = [linesOf(first), linesOf(second), linesOf(third)];
        const steps = [
          cellDifference(blank, a, columns, doubtful),
          cellDifference(a, b, columns, doubtful),
          cellDifference(b, c, columns, doubtful),
        ];
        expect(await shown(...steps)).toEqual(await shown(cellDifference([], c, columns, doubtful)));
      }),
      { numRuns: 150 },
    );
  });

  test('a full repaint over anything is the frame', async () => {
    await fc.assert(
      fc.asyncProperty(frame, frame, async (before, after) => {
        const over = await shown(
          cellDifference(blank, linesOf(before), columns, doubtful),
          cellDifference([], linesOf(after), columns, doubtful),
        );
        expect(over).toEqual(await shown(cellDifference(blank, linesOf(after), columns, doubtful)));
      }),
      { numRuns: 50 },
    );
  });

  test('with joined emoji and marks, whatever the terminal takes them for', async () => {
    const a = linesOf('👩‍👩‍👧 family\ne\u0301tude\n👍🏽 thumb\n🇩🇪 flag|');
    const b = linesOf('👩‍👩‍👧 Family\ne\u0301tudE\n👍🏽 tHumb\n🇩🇪 flag!');
    const text = (cells: string[]) => cells.map((cell) => cell.split('|')[0]).join('');
    const seen = text(
      await shown(cellDifference(blank, a, columns, doubtful), cellDifference(a, b, columns, doubtful)),
    );
    for (const word of ['Family', 'tudE', 'tHumb', 'flag!']) expect(seen).toContain(word);
  });
});

test('equal frames cost nothing, one changed cell little', () => {
  const a = linesOf('one two three\n\x1b[31mred\x1b[0m');
  expect(cellDifference(a, linesOf('one two three\n\x1b[31mred\x1b[0m'), columns, doubtful)).toBe('');
  expect(cellDifference(a, linesOf('one twO three\n\x1b[31mred\x1b[0m'), columns, doubtful)).toBe('\x1b[1;7HO');
});

describe('nothing but looks is obeyed', () => {
  const table: [string, string, string][] = [
    ['clearing the screen', 'a\x1b[2Jb', 'a�[2Jb'],
    ['setting the title', 'a\x1b]0;owned\x07b', 'a�]0;owned�b'],
    ['the clipboard', '\x1b]52;c;AAAA\x07', '�]52;c;AAAA�'],
    ['carriage return, bell, backspace', 'a\rb\x07c\x08d', 'a�b�c�d'],
    ['C1 controls', 'a\u009b2Jb\u0090c', 'a�2Jb�c'],
    ['a tab', 'a\tb', 'a�b'],
    ['looks that are no numbers', '\x1b[>4mx', '�[>4mx'],
    ['delete', 'a\x7fb', 'a�b'],
  ];
  for (const [name, given, drawn] of table) {
    test(name, () => {
      const cells = cellsOf(given, 40);
      expect(cells.characters.join('')).toBe(drawn);
      expect(cellDifference([], [cells], 40, doubtful).replace(/\x1b\[[\d;]*[mHK]/g, '')).toBe(drawn);
    });
  }
});

test('a wide character at the edge is not cut in half', () => {
  expect(cellsOf('abc漢', 4).characters).toEqual(['a', 'b', 'c', ' ']);
  expect(cellsOf('ab漢', 4).characters).toEqual(['a', 'b', '漢', '']);
});
