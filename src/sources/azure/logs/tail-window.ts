import { before, earlier, later, milliseconds, momentOf } from './moment.ts';

/** So long after a row was ingested it may still become visible, ms (domain §8.4). */
const overlapMs = 30_000;
const leastRows = 500;
const usualRows = 5_000;
const mostRows = 20_000;

export type TailWindow = {
  /** What `ingestion_time()` is compared with, and how many rows are asked for. */
  question(): { since: string; take: number };
  /**
   * One answer came: the moments of its rows in order, the service's own time, and whether more rows may stand behind
   * them. True: ask again at once. A gap is what will not be asked for again.
   */
  answered(
    ingested: readonly string[],
    now: string,
    isCut: boolean,
  ): { goOn: boolean; gap?: { from: string; to: string } };
  /** Everything before this was told; '' until the service said what time it is. */
  watermark(): string;
};

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

  return {
    question() {
      const comparison = beyond ? '>' : '>=';
      const from = cursor || mark;
      // Until the service has told its time, ours may be minutes off.
      const since = from === '' ? `> ago(${Math.ceil(sinceMs / 1_000)}s)` : `${comparison} datetime(${from})`;
      return { since, take };
    },
    answered(ingested, now, isCut) {
      if (roundBegan === '') roundBegan = now;
      if (mark === '' && now !== '') mark = before(now, sinceMs + overlapMs);
      const last = ingested.at(-1) ?? '';
      if (isCut || ingested.length >= take) {
        const stands = last === '' || last === (cursor || mark);
        beyond = false;
        if (isCut && !stands) take = Math.max(leastRows, Math.floor(take / 2));
        if (!stands) {
          cursor = last;
          return { goOn: true };
        }
        // More rows share one moment than were asked for: ask for more of them, and at last leave the rest.
        if (!isCut && take < mostRows) {
          take = Math.min(mostRows, take * 4);
          return { goOn: true };
        }
        const from = last || cursor || mark;
        const to = last === '' ? now : momentOf(milliseconds(last) + 1);
        cursor = last === '' ? now : last;
        beyond = true;
        return { goOn: last !== '', gap: { from, to } };
      }
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
