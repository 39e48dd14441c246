import { withOutside } from './azure/timeline-of-azure.ts';
import type { KindId, Rows } from './kinds.ts';
import type { Row } from './objects/row.ts';
import type { RowChange, Table } from './table.ts';
import type { Timeline, TimelineEntry } from './timeline.ts';
import { newestFirst, united, untilOf } from './timeline-entries.ts';
import { createGrouping, entryId } from './timeline-groups.ts';
import { tell } from './timeline-stories.ts';
import type { Story } from './timeline-story.ts';

export type TimelineFold = {
  /** One row changed; `live` while its watch was in step, else it is read from the object's own history. */
  observe<K extends KindId>(
    kind: K,
    change: RowChange<Rows[K]>,
    table: Table<Rows[K]>,
    at: number,
    live: boolean,
  ): void;
  /** Everything that Azure's logs tell now, instead of what they told before. */
  told(from: 'activity' | 'auditDeletes', entries: readonly TimelineEntry[], audited?: Timeline['audited']): void;
  view(): Timeline;
};

const MOST_ENTRIES = 2_000;
/** Of what began before those, but still went on then: it has places of its own, so that it pushes nothing out. */
const MOST_GOING_ON = 200;
const FOLD_MS = 60_000;
/** What comes again within this is still going on: the longest pause of a crash loop is five minutes and its run. */
const GOES_ON_MS = 15 * 60_000;

/** Entries are pooled unsorted and put in order only when looked at: a first list brings them in no order at all. */
export function createTimelineFold(watchedSince: number): TimelineFold {
  const pool: TimelineEntry[] = [];
  const grouped = createGrouping();
  let folded = new Map<string, TimelineEntry>();
  /** What ended before is kept no more. */
  let floor = 0;
  let view: Timeline = { entries: [], watchedSince, tellsSince: watchedSince };
  let changed = false;
  const outside = new Map<string, readonly TimelineEntry[]>();
  let audited: Timeline['audited'];

  const order = (): void => {
    pool.sort(newestFirst);
    if (pool.length <= MOST_ENTRIES) return;
    floor = Math.max(floor, pool[MOST_ENTRIES - 1]?.at ?? 0);
    const older = pool.splice(MOST_ENTRIES).filter((entry) => untilOf(entry) > floor);
    const goOn = older.sort((a, b) => untilOf(b) - untilOf(a)).slice(0, MOST_GOING_ON);
    pool.push(...goOn.sort(newestFirst));
    const kept = new Set(pool);
    folded = new Map([...folded].filter(([, entry]) => kept.has(entry)));
  };

  const add = ({ fold, goesOn = false, ...entry }: Story): void => {
    if (untilOf(entry) <= floor || entry.at === 0) return;
    changed = true;
    const key = foldKey(entry, fold, goesOn);
    const like = folded.get(key);
    if (like && (!goesOn || isNear(like, entry))) {
      // Views hold the entry: it is replaced, never changed. It says what was said last, and stands where it began.
      const { detail } = untilOf(entry) > untilOf(like) ? entry : like;
      const begun = { ...like, at: Math.min(like.at, entry.at), last: untilOf(like), detail };
      const sum = { ...united(begun, [entry]), count: like.count + entry.count };
      pool[pool.indexOf(like)] = sum;
      folded.set(key, sum);
      return;
    }
    const first = { ...entry, id: entryId(entry) };
    if (like === undefined || like.at < first.at) folded.set(key, first);
    pool.push(first);
    if (pool.length >= 2 * MOST_ENTRIES) order();
  };

  return {
    observe: (kind, change, table, at, live) => {
      const found = tell(kind, change as RowChange<Row>, table as Table<never>, at, live);
      for (const entry of found) add(entry.at > at ? { ...entry, at } : entry);
    },
    told(from, entries, range) {
      outside.set(from, entries);
      if (from === 'auditDeletes') audited = range;
      changed = true;
    },
    view: () => {
      if (!changed) return view;
      changed = false;
      order();
      const entries = grouped(withOutside(pool, [...outside.values()].flat()));
      const oldest = pool.length < MOST_ENTRIES ? pool.at(-1)?.at : pool[MOST_ENTRIES - 1]?.at;
      view = {
        entries,
        watchedSince,
        ...(audited ? { audited } : {}),
        tellsSince: Math.min(watchedSince, oldest ?? watchedSince),
      };
      return view;
    },
  };
}

/** A timeline that tells nothing. */
export function noTimeline(watchedSince: number): TimelineFold {
  const view: Timeline = { entries: [], watchedSince, tellsSince: watchedSince };
  return { observe() {}, told() {}, view: () => view };
}

/** Whether one began no long time after the other ended. */
function isNear(a: TimelineEntry, b: TimelineEntry): boolean {
  return a.at - untilOf(b) <= GOES_ON_MS && b.at - untilOf(a) <= GOES_ON_MS;
}

/** The same thing said of the same object, or of one fold, within a minute is one entry; what goes on is always one. */
function foldKey(entry: TimelineEntry, fold: string | undefined, goesOn: boolean): string {
  const { object } = entry;
  const whose = fold ?? `${object.namespace ?? ''}|${object.name}|${entry.detail}`;
  return `${entry.what}|${object.kind}|${whose}|${goesOn ? 'goes on' : Math.floor(entry.at / FOLD_MS)}`;
}
