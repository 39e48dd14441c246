import { before, earlier, later, milliseconds, momentOf } from './moment.ts';

/** So long after a row was ingested it may still become visible, ms (domain §8.4). */
const overlapMs = 30_000;
const leastRows = 500;
const usualRows = 5_000;
const mostRows = 20_000;
/** So often only a part of the same rows, and the rest is left. */
const mostParts = 3;

export type TailWindow = {
  /** What `ingestion_time()` is compared with, and how many rows are asked for. */
  question(): { since: string; take: number };
  /**
   * One answer came: the moments of its rows in order, the service's own time, and whether all of it came: `bounded`, the
   * rows up to the last; `partial`, whichever the service could. `goOn`: ask again at once. A gap is what will not be
   * asked for again.
   */
  answered(ingested: readonly string[], now: string, came: 'whole' | 'bounded' | 'partial'): Answered;
  /** Everything before this was told; '' until the service said what time it is. */
  watermark(): string;
};

type Answered = { goOn: boolean; gap?: { from: string; to: string } };

/**
 * Which rows are still to be asked for. A round is as many answers as it takes until one is not full. Within it we go on
 * from the last row's moment (which several rows may share, hence with that moment itself); after it we go back by the
 * overlap from the newest row or from when the round began, whichever was earlier: what became visible behind our back
 * while we read is asked for again, and told apart by `ToldRows`.
 */
export function createTailWindow(sinceMs: number): TailWindow {
  let mark = '';
  let cursor = '';
  let beyond = false;
  let roundBegan = '';
  let take = usualRows;
  let parts = 0;

  /** Anything may be missing, not only at the end: the same is asked again, for less, before it is given up. */
  function partial(last: string, now: string): Answered {
    parts += 1;
    take = Math.max(leastRows, Math.floor(take / 2));
    if (parts < mostParts) return { goOn: false };
    parts = 0;
    const from = cursor || mark;
    cursor = last || now || from;
    beyond = false;
    return { goOn: false, gap: { from, to: cursor } };
  }

  /** More rows stand behind the last, some maybe of its very moment. */
  function full(last: string): Answered {
    const stands = last === (cursor || mark) && !beyond;
    beyond = false;
    cursor = last;
    if (!stands) return { goOn: true };
    // More rows share one moment than were asked for: ask for more of them, and at last leave the rest.
    if (take < mostRows) {
      take = Math.min(mostRows, take * 4);
      return { goOn: true };
    }
    beyond = true;
    return { goOn: true, gap: { from: last, to: momentOf(milliseconds(last) + 1) } };
  }

  return {
    question() {
      const comparison = beyond ? '>' : '>=';
      const from = cursor || mark;
      // Until the service has told its time, ours may be minutes off.
      const since = from === '' ? `> ago(${Math.ceil(sinceMs / 1_000)}s)` : `${comparison} datetime(${from})`;
      return { since, take };
    },
    answered(ingested, now, came) {
      if (roundBegan === '') roundBegan = now;
      if (mark === '' && now !== '') mark = before(now, sinceMs + overlapMs);
      const last = ingested.at(-1) ?? '';
      if (came === 'partial') return partial(last, now);
      parts = 0;
      if (last !== '' && (came === 'bounded' || ingested.length >= take)) return full(last);
      const newest = last === '' ? mark : before(earlier(last, roundBegan || last), overlapMs);
      mark = later(mark, newest);
      cursor = '';
      beyond = false;
      roundBegan = '';
      take = usualRows;
      return { goOn: false };
    },
    watermark: () => cursor || mark,
  };
}
