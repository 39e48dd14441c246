import type { Row } from './objects/row.ts';

/** How rows can be found other than by uid. Which kind has which index is said in kinds.ts. */
export type IndexName = 'name' | 'node' | 'namespace' | 'ip' | 'identity' | 'owner';

/** Rows of one kind, by uid, with the indexes kept by the same batch that changes the rows. */
export type Table<R extends Row> = {
  readonly rows: ReadonlyMap<string, R>;
  /** Grows with each batch that touched the table. */
  readonly version: number;
  /** The row with this name; '' is the namespace of cluster-scoped kinds. */
  named(namespace: string, name: string): R | undefined;
  /** Rows under a key of an index: `by('node', 'aks-np1-0')`. Empty when the kind has no such index. */
  by(index: IndexName, key: string): readonly R[];
  /** Distinct keys of an index and how many rows each has. */
  counts(index: IndexName): ReadonlyMap<string, number>;
  /** When a row last changed here (our clock), by uid, for the last few seconds only: what stands out and fades. */
  readonly recent: ReadonlyMap<string, number>;
  /** Rows deleted in the last five seconds, with when: drawn struck. */
  readonly gone: readonly { row: R; at: number }[];
};
