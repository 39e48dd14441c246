import type { KindId } from './kinds.ts';
import type { Row } from './objects/row.ts';
import type { Snapshot } from './snapshot.ts';
import type { Table } from './table.ts';

/**
 * Something judged per key over several tables (an endpoint against its slices), judged anew only for keys whose rows
 * changed. Holds only what was found, so a healthy cluster costs nothing but the looking.
 */
export type Incremental<T> = { read(snapshot: Snapshot, now: number): ReadonlyMap<string, T> };

export type Judging<T> = {
  /** The tables, and under which keys a row of each is judged. */
  keys: { readonly [K in KindId]?: (row: never) => readonly string[] };
  /** Which of them a change of a row can matter to; without it, all of both. Most changes matter to none. */
  touched?: { readonly [K in KindId]?: (before: never, after: never) => readonly string[] };
  /** What is to be said of the key; `known` is what was said before. */
  judge(snapshot: Snapshot, key: string, known: T | undefined, now: number): T | undefined;
};

export function createIncremental<T>(judging: Judging<T>): Incremental<T> {
  const kinds = Object.keys(judging.keys) as KindId[];
  const versions = new Map<KindId, number>();
  const found = new Map<string, T>();

  const keysOf = (kind: KindId, row: Row | undefined): readonly string[] =>
    row === undefined ? [] : ((judging.keys[kind] as ((row: Row) => readonly string[]) | undefined)?.(row) ?? []);

  const keysTouched = (kind: KindId, before: Row | undefined, after: Row | undefined): readonly string[] => {
    const touched = judging.touched?.[kind] as ((before: Row, after: Row) => readonly string[]) | undefined;
    if (touched && before && after) return touched(before, after);
    return [...keysOf(kind, before), ...keysOf(kind, after)];
  };

  /** Undefined: too much happened since, or nothing was looked at yet. */
  const changedKeys = (snapshot: Snapshot): Set<string> | undefined => {
    const dirty = new Set<string>();
    for (const kind of kinds) {
      const from = versions.get(kind);
      const table: Table<Row> = snapshot.tables[kind] as never;
      const changes = from === undefined ? undefined : table.since(from);
      if (changes === undefined) return undefined;
      for (const { before, after } of changes) for (const key of keysTouched(kind, before, after)) dirty.add(key);
    }
    return dirty;
  };

  const allKeys = (snapshot: Snapshot): Set<string> => {
    const keys = new Set<string>(found.keys());
    for (const kind of kinds) {
      for (const row of snapshot.tables[kind].rows.values()) for (const key of keysOf(kind, row)) keys.add(key);
    }
    return keys;
  };

  return {
    read: (snapshot, now) => {
      if (kinds.every((kind) => versions.get(kind) === snapshot.tables[kind].version)) return found;
      for (const key of changedKeys(snapshot) ?? allKeys(snapshot)) {
        const judged = judging.judge(snapshot, key, found.get(key), now);
        if (judged === undefined) found.delete(key);
        else found.set(key, judged);
      }
      for (const kind of kinds) versions.set(kind, snapshot.tables[kind].version);
      return found;
    },
  };
}
