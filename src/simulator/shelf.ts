// The objects of one kind as JSON text, in etcd's order, with the last changes: enough to answer lists as of an
// earlier version and watches from one, and to say honestly when that is too long ago.

/** `key` is namespace/name, or /name at the cluster scope. */
export type Stored = { key: string; readonly text: string; version: number };

/** `text` of a DELETED change is the last state, stamped with the version of the deletion. */
export type StoredChange = Stored & { type: 'ADDED' | 'MODIFIED' | 'DELETED'; previous: Stored | undefined };

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
  /** Changes after `version`, oldest first. Undefined: some of them are forgotten. */
  since(version: number): readonly StoredChange[] | undefined;
  put(stored: Stored): StoredChange;
  /**
   * Takes in an object that was there before anybody looked: no change, and its text is made each time it is asked
   * for. Versions up to this one are forgotten.
   */
  hold(key: string, version: number, text: (version: number) => string): void;
  remove(key: string, text: string, version: number): StoredChange | undefined;
  /** Forgets every change up to now, as a compaction does. */
  compact(version: number): void;
};

export function createShelf(historySize: number): Shelf {
  const objects = new Map<string, Stored>();
  const changes: StoredChange[] = [];
  let forgotten = 0;
  let order: string[] = [];
  let added: string[] = [];
  let removed = 0;

  const remember = (change: StoredChange) => {
    changes.push(change);
    // Cutting the front moves the whole array: do it seldom.
    if (changes.length > historySize * 1.25) {
      const cut = changes.splice(0, changes.length - historySize);
      forgotten = cut[cut.length - 1]?.version ?? forgotten;
    }
    return change;
  };

  const ordered = () => {
    if (added.length > 0 || removed > 0) {
      order = merge(
        removed > 0 ? order.filter((key) => objects.has(key)) : order,
        [...new Set(added)].filter((key) => objects.has(key)).sort(),
      );
      added = [];
      removed = 0;
    }
    return order;
  };

  return {
    get size() {
      return objects.size;
    },
    get: (key) => objects.get(key),
    values: () => objects.values(),
    since(version) {
      if (version < forgotten) return undefined;
      return changes.slice(firstAfter(changes, version));
    },
    page({ prefix, after, limit, version }) {
      if (version < forgotten) return undefined;
      const past = stateBefore(changes, firstAfter(changes, version));
      const keys = past.size === 0 ? ordered() : withGone(ordered(), objects, past);
      const from = after === '' ? lowerBound(keys, prefix) : upperBound(keys, after);
      const to = prefix === '' ? keys.length : lowerBound(keys, `${prefix}\uffff`);
      const items: Stored[] = [];
      let index = from;
      for (; index < to && items.length < limit; index++) {
        const key = keys[index] as string;
        const stored = past.has(key) ? past.get(key) : objects.get(key);
        if (stored !== undefined) items.push(stored);
      }
      const last = keys[index - 1] ?? '';
      return { items, remaining: to - index - (index < to ? countMadeSince(past, objects, last, prefix) : 0) };
    },
    put(stored) {
      const previous = objects.get(stored.key);
      if (previous === undefined) added.push(stored.key);
      objects.set(stored.key, stored);
      return remember({ ...stored, type: previous === undefined ? 'ADDED' : 'MODIFIED', previous });
    },
    hold(key, version, text) {
      if (!objects.has(key)) added.push(key);
      objects.set(key, held(key, version, text));
      forgotten = Math.max(forgotten, version);
    },
    remove(key, text, version) {
      const previous = objects.get(key);
      if (previous === undefined) return undefined;
      objects.delete(key);
      removed++;
      return remember({ key, text, version, type: 'DELETED', previous });
    },
    compact(version) {
      changes.length = 0;
      forgotten = Math.max(forgotten, version);
    },
  };
}

type Held = Stored & { make(version: number): string };

/** One getter for all of them: there may be 200,000. */
const heldText = {
  get text(): string {
    const { make, version } = this as unknown as Held;
    return make(version);
  },
};

function held(key: string, version: number, make: (version: number) => string): Stored {
  const stored = Object.create(heldText) as Held;
  stored.key = key;
  stored.version = version;
  stored.make = make;
  return stored;
}

/** What the keys changed since then looked like: undefined = there was none. */
function stateBefore(changes: readonly StoredChange[], from: number): Map<string, Stored | undefined> {
  const state = new Map<string, Stored | undefined>();
  for (let index = changes.length - 1; index >= from; index--) {
    const change = changes[index] as StoredChange;
    state.set(change.key, change.previous);
  }
  return state;
}

/** The keys of now with those that were there then and are gone; those made since are passed over by whoever reads. */
function withGone(keys: string[], now: Map<string, Stored>, past: Map<string, Stored | undefined>): string[] {
  const gone: string[] = [];
  for (const [key, stored] of past) if (stored !== undefined && !now.has(key)) gone.push(key);
  return gone.length === 0 ? keys : merge(keys, gone.sort());
}

/** Keys after `last` that did not exist then: they do not count as remaining. */
function countMadeSince(
  past: Map<string, Stored | undefined>,
  now: Map<string, Stored>,
  last: string,
  prefix: string,
): number {
  let count = 0;
  for (const [key, stored] of past) {
    if (stored === undefined && key > last && key.startsWith(prefix) && now.has(key)) count++;
  }
  return count;
}

function merge(left: string[], right: string[]): string[] {
  if (right.length === 0) return left;
  if (left.length === 0) return right;
  const out: string[] = [];
  let i = 0;
  for (const key of right) {
    while (i < left.length && (left[i] as string) < key) out.push(left[i++] as string);
    if (left[i] === key) i++;
    out.push(key);
  }
  while (i < left.length) out.push(left[i++] as string);
  return out;
}

function firstAfter(changes: readonly StoredChange[], version: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle] as StoredChange).version > version) high = middle;
    else low = middle + 1;
  }
  return low;
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function upperBound(keys: readonly string[], key: string): number {
  const at = lowerBound(keys, key);
  return keys[at] === key ? at + 1 : at;
}
