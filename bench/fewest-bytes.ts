/** What a terminal shows: per line its cells; the right half of a wide character is ''. */
export type Screen = readonly (readonly { text: string; style: string }[])[];

/**
 * A lower bound for the bytes that turn one screen into another: no encoder needs fewer. Every changed cell is written
 * once; between two of them the cheaper of a jump and writing what is there; each change of looks costs the shortest
 * sequence there is for one. Erasing to the end of a line counts where it beats writing blanks.
 */
export function fewestBytes(before: Screen, after: Screen): number {
  let bytes = 0;
  let row = -1;
  for (const [line, cells] of after.entries()) {
    const changed = cells.flatMap((cell, column) => {
      const old = before[line]?.[column];
      return old?.text === cell.text && old.style === cell.style ? [] : [column];
    });
    const first = changed[0];
    if (first === undefined) continue;
    // `\r\n` where the next line is meant and its first cell; else ESC [ row ; column H.
    bytes += row === line - 1 && first === 0 ? 2 : 4 + digits(line + 1) + (first === 0 ? -1 : digits(first + 1));
    bytes += lineBytes(cells, changed);
    row = line;
  }
  return bytes;
}

/** ESC [ m, and with one digit more than that. */
const plain = 3;
const styled = 4;
const erase = 3;

function lineBytes(cells: Screen[number], changed: readonly number[]): number {
  const end = plainFrom(cells);
  const drawn = changed.filter((column) => column < end);
  const blanks = changed.length - drawn.length;
  let bytes = Math.min(blanks, erase);
  let style = '';
  let at = drawn[0] ?? 0;
  for (const column of drawn) {
    const gap = cells.slice(at, column);
    const written = gap.every((cell) => cell.style === style)
      ? gap.reduce((sum, cell) => sum + Buffer.byteLength(cell.text), 0)
      : Number.POSITIVE_INFINITY;
    if (gap.length > 0) bytes += Math.min(written, gap.length === 1 ? 3 : 3 + digits(gap.length));
    const cell = cells[column];
    if (cell === undefined) continue;
    if (cell.style !== style) bytes += cell.style === '' ? plain : styled;
    style = cell.style;
    bytes += Buffer.byteLength(cell.text);
    at = column + 1;
  }
  return bytes + (style === '' ? 0 : plain);
}

/** From here on the line is plain blanks. */
function plainFrom(cells: Screen[number]): number {
  let end = cells.length;
  while (end > 0 && cells[end - 1]?.text === ' ' && cells[end - 1]?.style === '') end -= 1;
  return end;
}

function digits(number: number): number {
  return String(number).length;
}
