import type { Cells } from './cells.ts';
import type { Style } from './style.ts';

/** What the terminal shows, line by line; undefined where that is not known. */
export type Grid = readonly (Cells | undefined)[];

/**
 * The bytes that turn `shown` into `wanted` on a terminal whose style is plain, leaving it plain. `doubtful` says after
 * which characters the cursor may not be where we think (terminals disagree on the width of joined emoji).
 */
export function cellDifference(
  shown: Grid,
  wanted: readonly Cells[],
  columns: number,
  doubtful: (character: string) => boolean,
): string {
  const pen: Pen = { out: '', style: '', row: -1, column: -1, doubtful };
  for (const [row, cells] of wanted.entries()) {
    const before = shown[row];
    if (before === cells) continue;
    if (before === undefined) drawAll(pen, row, cells, columns);
    else drawChanges(pen, row, before, cells);
  }
  setStyle(pen, '');
  return pen.out;
}

type Pen = { out: string; style: Style; row: number; column: number; doubtful(character: string): boolean };

const blank = ' ';

/** Cells that stay the same between two changes are drawn again when that takes no more bytes than jumping over them. */
const shortJump = 4;

function drawAll(pen: Pen, row: number, cells: Cells, columns: number): void {
  const end = endOf(cells);
  drawRun(pen, row, cells, 0, end);
  if (end < columns) eraseRest(pen, row, end);
}

function drawChanges(pen: Pen, row: number, before: Cells, cells: Cells): void {
  const end = endOf(cells);
  const endBefore = endOf(before);
  let column = 0;
  while (column < end) {
    if (same(before, cells, column)) {
      column += 1;
      continue;
    }
    const from = column;
    let to = column + 1;
    for (let next = to; next < end && next - to <= shortJump; next += 1) {
      if (!same(before, cells, next)) to = next + 1;
    }
    while (to < end && cells.characters[to] === '') to += 1;
    drawRun(pen, row, cells, from, to);
    column = to;
  }
  if (endBefore > end) eraseRest(pen, row, end);
}

function drawRun(pen: Pen, row: number, cells: Cells, from: number, to: number): void {
  moveTo(pen, row, from);
  for (let column = from; column < to; column += 1) {
    const character = cells.characters[column] ?? blank;
    if (character === '') continue;
    if (pen.column !== column) moveTo(pen, row, column);
    setStyle(pen, cells.styles[column] ?? '');
    pen.out += character;
    pen.column = pen.doubtful(character) ? -1 : column + (cells.characters[column + 1] === '' ? 2 : 1);
  }
}

function eraseRest(pen: Pen, row: number, column: number): void {
  moveTo(pen, row, column);
  // Some terminals erase with the background of the moment.
  setStyle(pen, '');
  pen.out += '\x1b[K';
}

function moveTo(pen: Pen, row: number, column: number): void {
  if (pen.row === row && pen.column === column) return;
  const ahead = column - pen.column;
  if (pen.row === row && pen.column >= 0 && ahead > 0) {
    pen.out += ahead === 1 ? '\x1b[C' : `\x1b[${ahead}C`;
  } else if (pen.row >= 0 && row === pen.row + 1 && column === 0) {
    pen.out += '\r\n';
  } else {
    pen.out += column === 0 ? `\x1b[${row + 1}H` : `\x1b[${row + 1};${column + 1}H`;
  }
  pen.row = row;
  pen.column = column;
}

function setStyle(pen: Pen, style: Style): void {
  if (pen.style === style) return;
  if (style === '') pen.out += '\x1b[m';
  else if (pen.style === '') pen.out += `\x1b[${style}m`;
  else if (style.startsWith(`${pen.style};`)) pen.out += `\x1b[${style.slice(pen.style.length + 1)}m`;
  else pen.out += `\x1b[0;${style}m`;
  pen.style = style;
}

function same(a: Cells, b: Cells, column: number): boolean {
  return (
    (a.characters[column] ?? blank) === (b.characters[column] ?? blank) &&
    (a.styles[column] ?? '') === (b.styles[column] ?? '')
  );
}

/** Where the line ends in plain blanks. */
function endOf(cells: Cells): number {
  let end = cells.characters.length;
  while (end > 0 && cells.characters[end - 1] === blank && cells.styles[end - 1] === '') end -= 1;
  return end;
}
