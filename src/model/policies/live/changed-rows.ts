import type { Row } from '../../objects/row.ts';
import type { RowChange, Table } from '../../table.ts';

/** What became of a table since it was last looked at. */
export type ChangedRows<R extends Row> = {
  /** Nothing. */
  none: boolean;
  /** One by one, the oldest first; undefined where that is not known any more, or never was. */
  changes: readonly RowChange<R>[] | undefined;
};

export type Follower = {
  /** Reading it is having looked. */
  read<R extends Row>(table: Table<R>): ChangedRows<R>;
};

/** Remembers how far tables were looked at. */
export function createFollower(): Follower {
  const versions = new WeakMap<object, number>();
  return {
    read(table) {
      const from = versions.get(table);
      versions.set(table, table.version);
      if (from === table.version) return { none: true, changes: [] };
      return { none: false, changes: from === undefined ? undefined : table.since(from) };
    },
  };
}

/** The rows to look at, by uid; a row that is gone is undefined. Where nothing else is known, all there are and `known`. */
export function touchedRows<R extends Row>(
  table: Table<R>,
  { changes }: ChangedRows<R>,
  known: Iterable<string>,
): ReadonlyMap<string, R | undefined> {
  const touched = new Map<string, R | undefined>();
  if (changes) {
    for (const { before, after } of changes) touched.set((after ?? before)?.uid ?? '', undefined);
  } else for (const uid of known) touched.set(uid, undefined);
  for (const uid of changes ? touched.keys() : table.rows.keys()) touched.set(uid, table.rows.get(uid));
  return touched;
}
