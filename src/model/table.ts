import type { Row } from './objects/row.ts';

/**
 * How rows can be found other than by uid. Which kind has which index is said in kinds.ts: pods by `app`
 * (`k8s-app=cilium`, kube-system only), by `status` (only those not Running), by `owner`
 * (`DaemonSet/kube-system/cilium`); CiliumEndpointSlices by `owner` = the pod's name in an entry (`slicesOf` looks at the namespace, too); events by `owner` =
 * uid of the object; CiliumEndpoints by `status` = state, only those not ready.
 */
export type IndexName = 'node' | 'namespace' | 'ip' | 'identity' | 'owner' | 'app' | 'status';

/** The keys under which a row is found; '' is no key. */
export type Indexes<R extends Row> = Partial<Record<IndexName, (row: R) => string | readonly string[]>>;

/**
 * Rows of one kind, by uid. An index is made when it is first asked for, and from then on kept by the same batch that
 * changes the rows: each thread pays only for those that it looks at.
 */
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
  /** Rows deleted in the last five seconds, with when: drawn struck. Look at `at`: nothing takes them out while nothing changes. */
  readonly gone: readonly { row: R; at: number }[];
  /** Row changes after `version`, oldest first; undefined when they are no longer known: look at everything then. */
  since(version: number): readonly RowChange<R>[] | undefined;
};

/** One row before and after; both present = changed. */
export type RowChange<R extends Row> = { before: R | undefined; after: R | undefined };

/** The side of a table that only `apply` uses. */
export type WritableTable<R extends Row> = Table<R> & {
  /** Says what changed, or undefined when the table already had it. `live`: it happened now, rather than being listed. */
  put(row: R, at: number, live: boolean): RowChange<R> | undefined;
  remove(uid: string, at: number): RowChange<R> | undefined;
  /** The row is void rather than deleted: it is not drawn struck. */
  forget(uid: string): RowChange<R> | undefined;
  /** Ends a batch: one version for all of it, and what has faded goes. */
  commit(at: number): void;
};

const RECENT_MS = 5_000;
const MOST_GONE = 1_000;
/** A journal longer than the table is of no use: looking at every row costs less. It holds old rows, and slices are heavy. */
const LEAST_JOURNAL = 1_000;
const MOST_JOURNAL = 20_000;

export function createTable<R extends Row>(indexes: Indexes<R>): WritableTable<R> {
  const rows = new Map<string, R>();
  const names = new Map<string, Map<string, string>>();
  const recent = new Map<string, number>();
  const gone: { row: R; at: number }[] = [];
  const kept = new Map<IndexName, Index<R>>();
  let journal: { version: number; change: RowChange<R> }[] = [];
  let journalStart = 0;
  let version = 0;
  let touched = false;

  const indexOf = (name: IndexName): Index<R> | undefined => {
    const keysOf = indexes[name];
    const known = kept.get(name);
    if (known !== undefined || keysOf === undefined) return known;
    const index = createIndex(keysOf);
    for (const row of rows.values()) index.change(row.uid, undefined, row);
    kept.set(name, index);
    return index;
  };

  const record = (before: R | undefined, after: R | undefined): RowChange<R> => {
    const change = { before, after };
    touched = true;
    journal.push({ version: version + 1, change });
    return change;
  };

  // `at` 0: not deleted, only no longer known.
  const drop = (row: R, at: number): RowChange<R> => {
    rows.delete(row.uid);
    recent.delete(row.uid);
    const inNamespace = names.get(row.namespace);
    if (inNamespace?.get(row.name) === row.uid) inNamespace.delete(row.name);
    if (inNamespace?.size === 0) names.delete(row.namespace);
    for (const index of kept.values()) index.change(row.uid, row, undefined);
    if (at > 0) gone.push({ row, at });
    return record(row, undefined);
  };

  const put = (row: R, at: number, live: boolean): RowChange<R> | undefined => {
    const before = rows.get(row.uid);
    if (before !== undefined && before.version === row.version && row.version !== '') return undefined;
    if (before === undefined || before.name !== row.name || before.namespace !== row.namespace) {
      const namesake = named(row.namespace, row.name);
      if (namesake !== undefined && namesake.uid !== row.uid) {
        // A name belongs to one object at a time: the younger one proves the older gone, in whichever order they arrive.
        if (namesake.created > row.created) return undefined;
        drop(namesake, at);
      }
      nameIn(names, row).set(row.name, row.uid);
    }
    rows.set(row.uid, row);
    for (const index of kept.values()) index.change(row.uid, before, row);
    if (live) {
      // Deleting first keeps the map in order of time.
      recent.delete(row.uid);
      recent.set(row.uid, at);
    }
    return record(before, row);
  };

  const commit = (at: number): void => {
    fade(recent, gone, at);
    if (!touched) return;
    touched = false;
    version++;
    const most = Math.min(Math.max(rows.size, LEAST_JOURNAL), MOST_JOURNAL);
    if (journal.length > most) {
      const cut = Math.ceil(journal.length - most / 2);
      journalStart = journal[cut - 1]?.version ?? version;
      journal = journal.slice(cut);
    }
  };

  const since = (from: number): readonly RowChange<R>[] | undefined => {
    if (from < journalStart) return undefined;
    let start = journal.length;
    while (start > 0 && (journal[start - 1]?.version ?? 0) > from) start--;
    return journal.slice(start).map((entry) => entry.change);
  };

  const named = (namespace: string, name: string): R | undefined => {
    const uid = names.get(namespace)?.get(name);
    return uid === undefined ? undefined : rows.get(uid);
  };

  return {
    rows,
    recent,
    gone,
    get version() {
      return version;
    },
    named,
    by: (index, key) => rowsOf(rows, indexOf(index)?.uids(key)),
    counts: (index) => indexOf(index)?.counts() ?? new Map(),
    since,
    put,
    remove: (uid, at) => {
      const row = rows.get(uid);
      return row && drop(row, at);
    },
    forget: (uid) => {
      const row = rows.get(uid);
      return row && drop(row, 0);
    },
    commit,
  };
}

function nameIn(names: Map<string, Map<string, string>>, row: Row): Map<string, string> {
  const known = names.get(row.namespace);
  if (known) return known;
  const made = new Map<string, string>();
  names.set(row.namespace, made);
  return made;
}

function rowsOf<R>(rows: ReadonlyMap<string, R>, uids: readonly string[] = []): R[] {
  const found: R[] = [];
  for (const uid of uids) {
    const row = rows.get(uid);
    if (row !== undefined) found.push(row);
  }
  return found;
}

function fade(recent: Map<string, number>, gone: { row: Row; at: number }[], at: number): void {
  for (const [uid, changed] of recent) {
    if (at - changed < RECENT_MS) break;
    recent.delete(uid);
  }
  const kept = gone.findIndex((one) => at - one.at < RECENT_MS);
  gone.splice(0, Math.max(kept === -1 ? gone.length : kept, gone.length - MOST_GONE));
}

type Index<R> = {
  change(uid: string, before: R | undefined, after: R | undefined): void;
  uids(key: string): string[];
  counts(): ReadonlyMap<string, number>;
};

/** Buckets hold uids, so that a row whose keys did not change costs nothing; one uid needs no set. */
function createIndex<R>(keysOf: (row: R) => string | readonly string[]): Index<R> {
  const buckets = new Map<string, string | Set<string>>();

  const add = (key: string, uid: string): void => {
    if (key === '') return;
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, uid);
    else if (typeof bucket !== 'string') bucket.add(uid);
    else if (bucket !== uid) buckets.set(key, new Set([bucket, uid]));
  };

  const take = (key: string, uid: string): void => {
    const bucket = buckets.get(key);
    if (bucket === uid) buckets.delete(key);
    else if (bucket instanceof Set && bucket.delete(uid) && bucket.size === 0) buckets.delete(key);
  };

  return {
    change: (uid, before, after) => {
      const old = before === undefined ? '' : keysOf(before);
      const young = after === undefined ? '' : keysOf(after);
      if (typeof old === 'string' && typeof young === 'string') {
        if (old === young) return;
        take(old, uid);
        add(young, uid);
        return;
      }
      const { left, right } = differing(asList(old), asList(young));
      const stay = new Set(right);
      for (const key of left) if (!stay.has(key)) take(key, uid);
      for (const key of stay) add(key, uid);
    },
    uids: (key) => {
      const bucket = buckets.get(key);
      return bucket === undefined ? [] : typeof bucket === 'string' ? [bucket] : [...bucket];
    },
    counts: () => new Map([...buckets].map(([key, bucket]) => [key, typeof bucket === 'string' ? 1 : bucket.size])),
  };
}

function asList(keys: string | readonly string[]): readonly string[] {
  return typeof keys === 'string' ? [keys] : keys;
}

/**
 * What lies between the common beginning and the common end: one entry of a hundred changes at a time. A key that is
 * cut off on both sides may stand in the middle, too; it is put back among what stays.
 */
function differing(
  old: readonly string[],
  young: readonly string[],
): { left: readonly string[]; right: readonly string[] } {
  const most = Math.min(old.length, young.length);
  let start = 0;
  while (start < most && old[start] === young[start]) start++;
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === young[young.length - 1 - end]) end++;
  const left = old.slice(start, old.length - end);
  if (left.length === 0) return { left, right: young.slice(start, young.length - end) };
  const dropped = new Set(left);
  return {
    left,
    right: young.filter((key, index) => (index >= start && index < young.length - end) || dropped.has(key)),
  };
}
