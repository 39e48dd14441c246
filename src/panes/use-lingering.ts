import { useEffect, useReducer, useRef } from 'react';
import type { Row } from '../model/objects/row.ts';
import type { Table } from '../model/table.ts';

/** What happened to a list's rows in the last seconds, by their ids; `now` is the clock its times are told by. */
export type Fading = Readonly<{
  /** Oldest first. */
  gone: readonly { id: string; at: number }[];
  /** When it last changed, for the last seconds only. */
  changed(id: string): number | undefined;
  now: number;
}>;

/** The same of tables of the model whose rows are known by their uid. */
export function fadingOf(tables: readonly Pick<Table<Row>, 'gone' | 'recent'>[], now: number): Fading {
  return {
    gone: tables.flatMap(({ gone }) => gone.map(({ row, at }) => ({ id: row.uid, at }))),
    changed: (id) => tables.map(({ recent }) => recent.get(id)).find((at) => at !== undefined),
    now,
  };
}

const LINGER_MS = 5_000;
/** Looking for the place of a deleted row costs a walk over all of them. */
const MOST_ROWS = 20_000;

/**
 * The rows together with those deleted in the last five seconds, each where it stood, so that nobody wonders what was
 * there. `key` names what is listed: rows of another scope were not deleted. Without `fading` the rows as they are.
 */
export function useLingering<R>(
  rows: readonly R[],
  id: (row: R) => string,
  fading: Fading | undefined,
  key: string,
): { rows: readonly R[]; isGone(row: R): boolean } {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const last = useRef({ key, given: rows, shown: rows, gone: '' });
  const gone = goneNow(fading);
  const signature = [...gone.keys()].join(' ');
  if (last.current.key !== key) last.current = { key, given: rows, shown: rows, gone: '' };
  if (last.current.given !== rows || last.current.gone !== signature) {
    const shown = gone.size === 0 || rows.length > MOST_ROWS ? rows : withGone(last.current.shown, rows, id, gone);
    last.current = { key, given: rows, shown, gone: signature };
  }
  const oldest = gone.values().next().value;
  const left = fading === undefined || oldest === undefined ? 0 : oldest + LINGER_MS - fading.now;
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(redraw, left);
    return () => clearTimeout(timer);
  }, [left]);
  return { rows: last.current.shown, isGone: (row) => gone.size > 0 && gone.has(id(row)) };
}

/** Oldest first, with when. */
function goneNow(fading: Fading | undefined): ReadonlyMap<string, number> {
  if (fading === undefined || fading.gone.length === 0) return new Map();
  const fresh = fading.gone.filter(({ at }) => fading.now - at < LINGER_MS);
  return new Map(fresh.map(({ id, at }) => [id, at]));
}

/** A deleted row stays behind the row it stood behind. */
export function withGone<R>(
  before: readonly R[],
  rows: readonly R[],
  id: (row: R) => string,
  gone: ReadonlyMap<string, unknown>,
): readonly R[] {
  const present = new Set(rows.map(id));
  const behind = new Map<string, R[]>();
  let anchor = '';
  for (const row of before) {
    const own = id(row);
    if (present.has(own)) anchor = own;
    else if (gone.has(own)) behind.set(anchor, [...(behind.get(anchor) ?? []), row]);
  }
  if (behind.size === 0) return rows;
  return [...(behind.get('') ?? []), ...rows.flatMap((row) => [row, ...(behind.get(id(row)) ?? [])])];
}
