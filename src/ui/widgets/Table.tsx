import { Box } from 'ink';
import { useRef } from 'react';
import { cutEnd, cutMiddle, pad, width } from '../text.ts';
import { type Look, type Span, useTheme } from '../theme.ts';
import { type Column, type FittedColumn, fitColumns } from './fit-columns.ts';
import { Line } from './Line.tsx';

/** What stands in a column; `changed` makes it stand out. */
export type Cell = string | (Look & Readonly<{ text: string; changed?: boolean }>);

/** A row ready to be drawn, one cell per column. */
export type TableRow = Readonly<{
  id: string;
  cells: readonly Cell[];
  /** Deleted a moment ago: struck through, with a minus. */
  gone?: boolean;
  marked?: boolean;
  /** Drawn in place of the cells: where rows are missing. */
  instead?: Span;
}>;

export type TableProps = Readonly<{
  columns: readonly Column[];
  /** The visible rows only: build no others. */
  rows: readonly TableRow[];
  /** Which of them is under the cursor; -1 = none, or not the table in use. */
  cursorLine: number;
  wide?: boolean;
  /** What is shown is old: drawn faint. */
  stale?: boolean;
  width: number;
  height: number;
}>;

export function Table({ columns, rows, cursorLine, wide = false, stale = false, ...size }: TableProps) {
  const fitted = useFitted(columns, rows, size.width - gutter, wide);
  const shown = new Map(columns.map((column, index) => [column.id, index]));
  return (
    <Box flexDirection="column" height={size.height} width={size.width}>
      <Line spans={headingOf(fitted)} width={size.width} />
      {rows.slice(0, Math.max(0, size.height - 1)).map((row, index) => (
        <Row
          key={row.id}
          row={row}
          fitted={fitted}
          shown={shown}
          width={size.width}
          cursor={index === cursorLine}
          stale={stale}
        />
      ))}
    </Box>
  );
}

/** In front of every row: cursor or mark, and a blank. */
const gutter = 2;

type RowProps = {
  row: TableRow;
  fitted: readonly FittedColumn[];
  shown: ReadonlyMap<string, number>;
  width: number;
  cursor: boolean;
  stale: boolean;
};

function Row({ row, fitted, shown, width: columns, cursor, stale }: RowProps) {
  const { glyphs } = useTheme();
  const sign = row.gone ? glyphs.gone : row.marked ? glyphs.mark : cursor ? glyphs.cursor : ' ';
  const spans: Span[] = [{ text: `${sign} ` }];
  if (row.instead !== undefined) spans.push(row.instead);
  for (const column of row.instead === undefined ? fitted : []) {
    const cell = row.cells[shown.get(column.id) ?? -1] ?? '';
    if (spans.length > 1) spans.push({ text: ' ' });
    spans.push(drawCell(cell, column, glyphs.ellipsis));
  }
  const look: Look = {
    ...(cursor && { inverse: true }),
    ...(row.gone && { struck: true }),
    ...((stale || row.gone) && { faint: true }),
  };
  return <Line spans={spans} width={columns} look={look} />;
}

function drawCell(cell: Cell, column: FittedColumn, ellipsis: string): Span {
  const { text, changed, ...look } = typeof cell === 'string' ? { text: cell, changed: false } : cell;
  const cut = (column.cut ?? 'middle') === 'end' ? cutEnd : cutMiddle;
  return {
    ...look,
    text: pad(cut(text, column.width, ellipsis), column.width, column.align),
    ...(changed && { bold: true }),
  };
}

function headingOf(fitted: readonly FittedColumn[]): Span[] {
  const titles = fitted.map((column) => pad(cutEnd(column.title, column.width, ''), column.width, column.align));
  if (fitted.every(({ chosen }) => chosen !== true))
    return [{ text: `${' '.repeat(gutter)}${titles.join(' ')}`, tone: 'dim' }];
  return titles.flatMap((title, index): Span[] => [
    { text: index === 0 ? ' '.repeat(gutter) : ' ' },
    fitted[index]?.chosen ? { text: title, inverse: true } : { text: title, tone: 'dim' },
  ]);
}

/** Columns only grow while a table is shown: widths that follow every value would make the whole table shiver. */
function useFitted(
  columns: readonly Column[],
  rows: readonly TableRow[],
  room: number,
  wide: boolean,
): readonly FittedColumn[] {
  const widest = useRef(new Map<string, number>());
  const natural = columns.map((column, index) => {
    const seen = rows.reduce(
      (most, row) => Math.max(most, cellWidth(row.cells[index])),
      widest.current.get(column.id) ?? 0,
    );
    widest.current.set(column.id, seen);
    return seen;
  });
  return fitColumns(columns, natural, room, wide);
}

function cellWidth(cell: Cell | undefined): number {
  return cell === undefined ? 0 : width(typeof cell === 'string' ? cell : cell.text);
}
