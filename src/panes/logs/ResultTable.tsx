import { useRef } from 'react';
import type { ResultColumn } from '../../model/azure/log-query.ts';
import { width as widthOf } from '../../ui/text.ts';
import { useTheme } from '../../ui/theme.ts';
import type { LongList } from '../../ui/use-long-list.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import { type Cell, Table } from '../../ui/widgets/Table.tsx';
import { cellText } from './cell-text.ts';
import { type Entry, timeColumn } from './result.ts';
import { fittingColumns, type ShownColumn } from './result-columns.ts';

export type ResultTableProps = Readonly<{
  columns: readonly ResultColumn[];
  shown: readonly ShownColumn[];
  list: LongList<Entry>;
  /** Which of the shown columns is chosen; −1 = none. */
  chosen: number;
  /** Rows that came late, of all. */
  late: number;
  stale: boolean;
  now: number;
  width: number;
  height: number;
  active: boolean;
}>;

/** The rows in sight and the columns that have room; what lies beside is reached with the arrows. */
export function ResultTable({ columns, shown, list, chosen, late, stale, now, active, ...size }: ResultTableProps) {
  const { glyphs } = useTheme();
  const widest = useRef<{ columns: readonly ResultColumn[]; widths: Map<number, number> }>(undefined);
  if (widest.current?.columns !== columns) widest.current = { columns, widths: new Map() };
  const { widths } = widest.current;
  const when = timeColumn(columns);
  const natural = ({ index, column }: ShownColumn) => {
    const seen = list.visible.reduce(
      (most, { cells }) => Math.max(most, widthOf(short(cellText(cells[index], column.type, now)))),
      widths.get(index) ?? 0,
    );
    widths.set(index, seen);
    return seen;
  };
  // A place of its own, so that it takes nothing from the time; once there it stays. The word stands in the title as well.
  const marked = late > 0;
  const mark = size.width < 100 ? glyphs.warning : `${glyphs.warning} late`;
  const room = size.width - 2 - (marked ? widthOf(mark) + 1 : 0);
  const first = useRef(0);
  first.current = firstInSight(
    first.current,
    chosen,
    (from) => fittingColumns(shown, from, natural, room, list.state.wide).length,
  );
  const fitting = fittingColumns(shown, first.current, natural, room, list.state.wide);
  // Behind the time, or in front of all where that is out of sight.
  const place = fitting.findIndex(({ one }) => one.index === when) + 1;
  const withMark = <T,>(cells: readonly T[], mark: T) => (marked ? cells.toSpliced(place, 0, mark) : cells);
  const rows = list.visible.map((entry) => ({
    id: String(entry.id),
    ...(entry.gap !== '' && { instead: { text: `${glyphs.rule.repeat(2)} ${entry.gap}`, tone: 'warning' as const } }),
    cells: withMark<Cell>(
      fitting.map(({ one }) => short(cellText(entry.cells[one.index], one.column.type, now))),
      entry.late ? { text: mark, tone: 'warning' } : '',
    ),
  }));
  return (
    <Table
      columns={withMark<Column>(
        fitting.map(({ column, one }) => ({ ...column, ...(shown[chosen] === one && { chosen: true }) })),
        { id: 'late', title: '', min: widthOf(mark), max: widthOf(mark) },
      )}
      rows={rows}
      cursorLine={active ? list.cursorLine : -1}
      stale={stale}
      {...size}
    />
  );
}

/** So that the chosen column is in sight: columns before it leave until it fits. */
function firstInSight(first: number, chosen: number, fits: (from: number) => number): number {
  if (chosen < 0 || chosen < first) return Math.max(0, chosen);
  let from = first;
  while (from < chosen && from + fits(from) <= chosen) from += 1;
  return from;
}

/** Nobody sees more of a megabyte than this, and measuring the rest costs. */
function short(text: string): string {
  return text.length > 400 ? text.slice(0, 400) : text;
}
