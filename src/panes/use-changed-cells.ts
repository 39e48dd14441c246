import { useEffect, useReducer, useRef } from 'react';
import type { Column } from '../ui/widgets/fit-columns.ts';
import type { Cell, TableRow } from '../ui/widgets/Table.tsx';

const BOLD_MS = 2_000;

type Seen = { texts: readonly string[]; at: readonly number[] };

/**
 * The visible rows with every cell marked that changed in the last two seconds. A row that was not seen before is new
 * as a whole where `isNew` says so; else it only came into sight. Columns that tell a time change by themselves.
 */
export function useChangedCells(
  rows: readonly TableRow[],
  columns: readonly Column[],
  isNew: (id: string) => boolean,
): readonly TableRow[] {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const memory = useRef<ReadonlyMap<string, Seen>>(new Map());
  const now = performance.now();
  const next = new Map<string, Seen>();
  let newest = 0;
  const marked = rows.map((row): TableRow => {
    const seen = look(row, columns, memory.current.get(row.id), isNew, now);
    next.set(row.id, seen);
    const cells = row.cells.map((cell, index): Cell => {
      const at = seen.at[index] ?? 0;
      if (at === 0 || now - at >= BOLD_MS) return cell;
      newest = Math.max(newest, at);
      return typeof cell === 'string' ? { text: cell, changed: true } : { ...cell, changed: true };
    });
    return { ...row, cells };
  });
  memory.current = next;
  useEffect(() => {
    if (newest === 0) return;
    const timer = setTimeout(redraw, Math.max(1, newest + BOLD_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [newest]);
  return marked;
}

function look(
  row: TableRow,
  columns: readonly Column[],
  before: Seen | undefined,
  isNew: (id: string) => boolean,
  now: number,
): Seen {
  const texts = row.cells.map((cell) => timeless(typeof cell === 'string' ? cell : cell.text));
  if (before === undefined) return { texts, at: isNew(row.id) && !row.gone ? texts.map(() => now) : [] };
  const at = texts.map((text, index) => {
    const same = columns[index]?.clock === true || text === before.texts[index];
    return same ? (before.at[index] ?? 0) : now;
  });
  return { texts, at };
}

/** `7 (2m ago)` is the same a minute later. */
function timeless(text: string): string {
  return text.replace(/ ?\([^)]*ago\)/, '');
}
