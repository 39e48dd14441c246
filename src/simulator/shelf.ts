// The objects of one kind as JSON text, in etcd's order, with the last changes: enough to answer lists as of an
// earlier version and watches from one, and to say honestly when that is too long ago.
import { createFolding } from './folding.ts';
import { createSortedKeys } from './sorted-keys.ts';
import { costOf, folded, held, type Stored } from './stored.ts';

/** `stored` of a DELETED change is the last state, stamped with the version of the deletion. */
export type StoredChange = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  stored: Stored;
  previous: Stored | undefined;
};

export type Page = {
  items: Stored[];
  /** How many more there are after the last item. */
  remaining: number;
};

export type Shelf = {
  readonly size: number;
  get(key: string): Stored | undefined;
  /** All of them, in no order. */
  values(): IterableIterator<Stored>;
  /** Keys that start with `prefix` and come after `after`, as of `version`. Undefined: that version is forgotten. */
  page(query: { prefix: string; after: string; limit: number; version: number }): Page | undefined;
  /** Changes after `version`, oldest first. Undefined: that version is forgotten. */
  since(version: number): readonly StoredChange[] | undefined;
  /** As `since`, for one who has followed up to `version`. Undefined: changes after it are forgotten. */
  after(version: number): readonly StoredChange[] | undefined;
  put(key: string, text: string, version: number): void;
  /**
   * Takes in an object that was there before anybody looked: no change, and its text is made each time it is asked
   * for. Versions up to this one are forgotten.
   */
  hold(key: string, version: number, text: (version: number) => string): void;
  /** `text` is its last state at the version of its removal. */
  remove(key: string, text: string, version: number): void;
  /** Forgets every change up to now, as a compaction does. */
  compact(version: number): void;
};

/** What is remembered of the past: so many changes, and so many characters of them. */
export type HistorySize = { changes: number; characters: number };

export function createShelf(history: HistorySize): Shelf {
  const objects = new Map<string, Stored>();
  const keys = createSortedKeys();
  const folding = createFolding();
  const changes: StoredChange[] = [];
  let characters = 0;
  let forgotten = 0;
  /** Of the last change that is forgotten. */
  let lost = 0;

  const remember = (change: StoredChange) => {
    changes.push(change);
    characters += costOf(change.stored);
    // Cutting the front moves the whole array: do it seldom.
    if (changes.length <= history.changes * 1.25 && characters <= history.characters * 1.25) return;
    let cut = 0;
    while (changes.length - cut > history.changes || characters > history.characters) {
      characters -= costOf((changes[cut++] as StoredChange).stored);
    }
    lost = changes[cut - 1]?.stored.version ?? lost;
    forgotten = Math.max(forgotten, lost);
    changes.splice(0, cut);
  };

  const fold = (key: string, text: string, version: number) => folded(key, version, folding.fold(text));

  return {
    get size() {
      return objects.size;
    },
    get: (key) => objects.get(key),
    values: () => objects.values(),
    since(version) {
      return version < forgotten ? undefined : changes.slice(firstAfter(changes, version));
    },
    after(version) {
      return version < lost ? undefined : changes.slice(firstAfter(changes, version));
    },
    page({ prefix, after, limit, version }) {
      if (version < forgotten) return undefined;
      const past = stateBefore(changes, firstAfter(changes, version));
      const inRange = (key: string) => key > after && key.startsWith(prefix);
      // Those that were there then and are gone; those made since are passed over.
      const gone: string[] = [];
      let younger = 0;
      for (const [key, stored] of past) {
        if (!inRange(key)) continue;
        if (stored !== undefined && !objects.has(key)) gone.push(key);
        if (stored === undefined && objects.has(key)) younger++;
      }
      // A key's successor in this order is the key with a zero byte behind it.
      const start = after === '' ? prefix : `${after}\u0000`;
      const end = prefix === '' ? objects.size : keys.rank(`${prefix}\uffff`);
      const total = end - keys.rank(start) + gone.length - younger;
      const items: Stored[] = [];
      for (const key of merged(keys.from(start), gone.sort())) {
        if (items.length >= limit || !key.startsWith(prefix)) break;
        const stored = past.has(key) ? past.get(key) : objects.get(key);
        if (stored !== undefined) items.push(stored);
      }
      return { items, remaining: total - items.length };
    },
    put(key, text, version) {
      const previous = objects.get(key);
      if (previous === undefined) keys.add(key);
      const stored = fold(key, text, version);
      objects.set(key, stored);
      remember({ type: previous === undefined ? 'ADDED' : 'MODIFIED', stored, previous });
    },
    hold(key, version, text) {
      if (!objects.has(key)) keys.add(key);
      objects.set(key, held(key, version, text));
      forgotten = Math.max(forgotten, version);
    },
    remove(key, text, version) {
      const previous = objects.get(key);
      if (previous === undefined) return;
      objects.delete(key);
      keys.remove(key);
      remember({ type: 'DELETED', stored: fold(key, text, version), previous });
    },
    compact(version) {
      lost = changes.at(-1)?.stored.version ?? lost;
      changes.length = 0;
      characters = 0;
      forgotten = Math.max(forgotten, version);
    },
  };
}

/** What the keys changed since then looked like: undefined = there was none. */
function stateBefore(changes: readonly StoredChange[], from: number): Map<string, Stored | undefined> {
  const state = new Map<string, Stored | undefined>();
  for (let index = changes.length - 1; index >= from; index--) {
    const { stored, previous } = changes[index] as StoredChange;
    state.set(stored.key, previous);
  }
  return state;
}

/** Both in order, and together in order; none is in both. */
function* merged(left: Generator<string>, right: readonly string[]): Generator<string> {
  let next = 0;
  for (const key of left) {
    while (next < right.length && (right[next] as string) < key) yield right[next++] as string;
    yield key;
  }
  while (next < right.length) yield right[next++] as string;
}

function firstAfter(changes: readonly StoredChange[], version: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle] as StoredChange).stored.version > version) high = middle;
    else low = middle + 1;
  }
  return low;
}
