import { width } from '../text.ts';

/** How a matrix is laid out on `width` × `height` characters. Counts are of characters unless they say otherwise. */
export type FittedMatrix = Readonly<{
  /** The names of the rows, with the cursor's sign before and a blank behind them. */
  nameWidth: number;
  cellWidth: number;
  /** Names of columns stand upright, a letter a line, where they would not fit beside each other. */
  upright: boolean;
  headHeight: number;
  /** What stands over each column: its name, or what of it differs from the others. */
  heads: readonly string[];
  /** How many rows and columns fit, at least one of each. */
  rows: number;
  columns: number;
}>;

/** In front of every row: the cursor's sign and a blank. */
const gutter = 2;
/** A sign and a blank. */
const narrowest = 2;

export function fitMatrix(
  names: Readonly<{ rows: readonly string[]; columns: readonly string[] }>,
  size: Readonly<{ width: number; height: number }>,
  ellipsis = '…',
): FittedMatrix {
  const longestRow = Math.max(mostOf(names.rows), shortestName);
  const nameWidth = gutter + Math.min(longestRow, Math.max(shortestName, Math.floor(size.width * 0.3))) + 1;
  const room = Math.max(narrowest, size.width - nameWidth);
  const level = Math.min(mostOf(names.columns) + 2, Math.floor(room / names.columns.length));
  const upright = level < Math.min(shortestHead, mostOf(names.columns) + 2);
  const cellWidth = upright ? narrowest : level;
  const tallest = Math.max(4, Math.floor(size.height / 3));
  const heads = upright ? differing(names.columns, tallest, ellipsis) : names.columns;
  const headHeight = upright ? Math.min(mostOf(heads), tallest) : 1;
  return {
    nameWidth,
    cellWidth,
    upright,
    headHeight,
    heads,
    rows: Math.max(1, size.height - headHeight),
    columns: Math.max(1, Math.floor(room / cellWidth)),
  };
}

const shortestName = 10;
/** A name cut to less than this, with the blank behind it, is read better upright. */
const shortestHead = 8;

function mostOf(names: readonly string[]): number {
  return names.reduce((most, name) => Math.max(most, width(name)), 0);
}

/** Where names are too long, what all of them begin or end with tells nothing: `team-a-prod`, `team-b-prod` → `…a…`, `…b…`. */
function differing(names: readonly string[], size: number, ellipsis: string): readonly string[] {
  const [first = '', ...others] = names;
  if (others.length === 0 || names.every((name) => name.length <= size)) return names;
  const shortest = Math.min(...names.map((name) => name.length));
  let start = 0;
  while (start < shortest && others.every((name) => name[start] === first[start])) start += 1;
  let end = 0;
  while (end < shortest - start && others.every((name) => name.at(-1 - end) === first.at(-1 - end))) end += 1;
  const from = start > 1 ? start : 0;
  const cut = end > 1 ? end : 0;
  return names.map(
    (name) => `${from > 0 ? ellipsis : ''}${name.slice(from, name.length - cut)}${cut > 0 ? ellipsis : ''}`,
  );
}
