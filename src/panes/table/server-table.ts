import type { ServerRow, ServerTable } from '../../model/asks.ts';

export type TableColumn = { name: string; wide: boolean; number: boolean };

/** A table as the server sends it, folded. */
export type FoldedTable = {
  columns: readonly TableColumn[];
  rows: ReadonlyMap<string, ServerRow>;
  phase: Extract<ServerTable, { type: 'phase' }>['phase'];
  problem: string;
};

export const emptyTable: FoldedTable = { columns: [], rows: new Map(), phase: 'loading', problem: '' };

export function foldTable(table: FoldedTable, events: readonly ServerTable[]): FoldedTable {
  const next = { ...table };
  let rows: Map<string, ServerRow> | undefined;
  const writable = () => {
    rows ??= new Map(table.rows);
    return rows;
  };
  for (const event of events) {
    if (event.type === 'columns') next.columns = event.columns;
    else if (event.type === 'phase') Object.assign(next, { phase: event.phase, problem: event.problem ?? '' });
    else if (event.type === 'remove') for (const uid of event.uids) writable().delete(uid);
    else for (const row of event.rows) writable().set(row.uid, row);
  }
  // Rows that may not be seen any more must not look as if they were live.
  if (next.phase === 'forbidden' || next.phase === 'missing') rows = new Map();
  return { ...next, rows: rows ?? table.rows };
}
