import type { ServerRow, ServerTable } from '../../model/asks.ts';

export type TableColumn = { name: string; wide: boolean; number: boolean };

/** A table as the server sends it, folded. */
export type FoldedTable = {
  columns: readonly TableColumn[];
  rows: ReadonlyMap<string, ServerRow>;
  /** Those removed or put in the last seconds, with when; the removed ones oldest first. */
  gone: readonly { id: string; at: number }[];
  changed: ReadonlyMap<string, number>;
  phase: Extract<ServerTable, { type: 'phase' }>['phase'];
  problem: string;
  /** When the server was last heard, as far as it has been told; 0 = never. */
  heard: number;
  /** It was read to the end once. */
  whole: boolean;
};

export const emptyTable: FoldedTable = {
  columns: [],
  rows: new Map(),
  gone: [],
  changed: new Map(),
  phase: 'loading',
  problem: '',
  heard: 0,
  whole: false,
};

const RECENT_MS = 5_000;

export function foldTable(table: FoldedTable, events: readonly ServerTable[], now: number): FoldedTable {
  const next = { ...table };
  const gone = table.gone.filter(({ at }) => now - at < RECENT_MS);
  const changed = new Map([...table.changed].filter(([, at]) => now - at < RECENT_MS));
  let rows: Map<string, ServerRow> | undefined;
  const writable = () => {
    rows ??= new Map(table.rows);
    return rows;
  };
  for (const event of events) {
    if (event.type === 'columns') next.columns = event.columns;
    else if (event.type === 'phase') {
      const { phase, problem = '', heard } = event;
      Object.assign(next, { phase, problem, heard, whole: next.whole || phase === 'live' });
    } else if (event.type === 'remove') {
      for (const uid of event.uids) if (writable().delete(uid)) gone.push({ id: uid, at: now });
    } else {
      for (const row of event.rows) {
        writable().set(row.uid, row);
        // What is listed has not changed just now.
        if (next.phase === 'live') changed.set(row.uid, now);
      }
    }
  }
  // Rows that may not be seen any more must not look as if they were live.
  if (next.phase === 'forbidden' || next.phase === 'missing')
    return { ...next, rows: new Map(), gone: [], changed, whole: false };
  return { ...next, rows: rows ?? table.rows, gone, changed };
}
