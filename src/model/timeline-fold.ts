import type { KindId, Rows } from './kinds.ts';
import type { Row } from './objects/row.ts';
import type { RowChange, Table } from './table.ts';
import type { Timeline, TimelineEntry } from './timeline.ts';
import { entryId, grouped, othersOf } from './timeline-groups.ts';
import { type Story, tell } from './timeline-stories.ts';

export type TimelineFold = {
  /** One row changed; `live` while its watch was in step, else it is read from the object's own history. */
  observe<K extends KindId>(
    kind: K,
    change: RowChange<Rows[K]>,
    table: Table<Rows[K]>,
    at: number,
    live: boolean,
  ): void;
  view(): Timeline;
};

const MOST_ENTRIES = 2_000;
const FOLD_MS = 60_000;

/** Entries are pooled unsorted and put in order only when looked at: a first list brings them in no order at all. */
export function createTimelineFold(watchedSince: number): TimelineFold {
  const pool: TimelineEntry[] = [];
  let folded = new Map<string, TimelineEntry>();
  /** Nothing older than this is kept any more. */
  let floor = 0;
  let view: Timeline = { entries: [], watchedSince, tellsSince: watchedSince };
  let changed = false;

  const order = (): void => {
    pool.sort((a, b) => b.at - a.at || rankOf(b.what) - rankOf(a.what));
    if (pool.length <= MOST_ENTRIES) return;
    pool.length = MOST_ENTRIES;
    floor = pool.at(-1)?.at ?? 0;
    const kept = new Set(pool);
    folded = new Map([...folded].filter(([, entry]) => kept.has(entry)));
  };

  const add = ({ fold, running = false, ...entry }: Story): void => {
    if (entry.at <= floor || entry.at === 0) return;
    changed = true;
    const key = foldKey(entry, fold, running);
    const like = folded.get(key);
    if (like) {
      // Views hold the entry: it is replaced, never changed.
      const newest = entry.at > like.at ? entry : like;
      const others = othersOf(newest, [newest === like ? entry : like]);
      const sum = {
        ...newest,
        ...(like.id === undefined ? {} : { id: like.id }),
        ...(others.length > 0 ? { others } : {}),
        count: like.count + entry.count,
        live: like.live || entry.live,
      };
      pool[pool.indexOf(like)] = sum;
      folded.set(key, sum);
      return;
    }
    const first = { ...entry, id: entryId(entry) };
    folded.set(key, first);
    pool.push(first);
    if (pool.length >= 2 * MOST_ENTRIES) order();
  };

  return {
    observe: (kind, change, table, at, live) => {
      const found = tell(kind, change as RowChange<Row>, table as Table<never>, at, live);
      for (const entry of found) add(entry.at > at ? { ...entry, at } : entry);
    },
    view: () => {
      if (!changed) return view;
      changed = false;
      order();
      const entries = grouped(pool);
      view = { entries, watchedSince, tellsSince: Math.min(watchedSince, pool.at(-1)?.at ?? watchedSince) };
      return view;
    },
  };
}

/** Timestamps are whole seconds: in one second a deed comes before what the controllers make of it. */
function rankOf(what: string): number {
  if (what === 'created' || what === 'edited' || what === 'scaled') return 0;
  return what === 'rollout' || what === 'image' ? 1 : 2;
}

/** The same thing said of the same object, or of one fold, within a minute is one entry; a running one always is. */
function foldKey(entry: TimelineEntry, fold: string | undefined, running: boolean): string {
  const { object } = entry;
  if (running) return `${entry.what}|${fold ?? ''}|running`;
  const minute = Math.floor(entry.at / FOLD_MS);
  if (fold !== undefined) return `${entry.what}|${object.kind}|${fold}|${minute}`;
  return `${entry.what}|${object.kind}|${object.namespace ?? ''}|${object.name}|${entry.detail}|${minute}`;
}
