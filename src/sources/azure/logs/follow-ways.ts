import type { LogTail } from '../../../model/azure/log-query.ts';
import { spanMs } from '../../../queries/timespan.ts';
import type { TailAnswer } from './ask-tail.ts';
import type { FollowText } from './follow-text.ts';
import type { LogsQuestion } from './logs-client.ts';
import { milliseconds, momentOf } from './moment.ts';
import { createTailWindow } from './tail-window.ts';

/** How rows are found that have come since. */
export type FollowWay = {
  isSearch: boolean;
  /** Between two questions, ms. */
  leastMs: number;
  /** What this way does not see, in one sentence each. */
  remarks: readonly string[];
  question(): LogsQuestion & { mostRows: number };
  /** `goOn`: more waits, ask at once. `gap`: what will not be asked for again, ms since 1970. */
  answered(answer: TailAnswer): { goOn: boolean; gap?: { from: number; to: number; text: string } };
  /** Rows of before this moment come no more. */
  forgetBefore(): string;
};

/** Rows whose event is older than this when they are ingested are not found: what is scanned must have an end, ms. */
const latestMs = 2 * 3_600_000;
/** /search has no moment of ingestion: rows are asked for again for as long, ms. */
const searchOverlapMs = 5 * 60_000;

/** By a watermark of `ingestion_time()`: every row once, however late its event is told. */
export function byIngestion(tail: LogTail, text: FollowText): FollowWay {
  const sinceMs = spanMs(tail.timespan);
  const window = createTailWindow(sinceMs);
  const clock = createServiceClock();
  return {
    isSearch: false,
    leastMs: 5_000,
    remarks: [],
    question() {
      const { since, take } = window.question();
      const mark = milliseconds(window.watermark());
      const backMs = Math.max(sinceMs, mark === 0 ? 0 : clock.now() - mark);
      return {
        ...{ text: text.ask(since, take), timespan: seconds(backMs + latestMs), isSearch: false, limitS: tail.limitS },
        mostRows: take,
      };
    },
    answered({ rows, now, came }) {
      clock.said(now);
      const moments = rows.map(({ ingested }) => ingested);
      const { goOn, gap } = window.answered(moments, now, came);
      if (!gap) return { goOn };
      const why =
        came === 'partial'
          ? 'Only a part of the answer came, again and again.'
          : 'More rows were ingested in one moment than can be asked for.';
      return { goOn, gap: { from: milliseconds(gap.from), to: milliseconds(gap.to), text: why } };
    },
    forgetBefore: () => window.watermark(),
  };
}

/** By the time of the events, which is all that /search is told; each question is paid for, so it is seldom put. */
export function bySearch(tail: LogTail, text: FollowText): FollowWay {
  const sinceMs = spanMs(tail.timespan);
  const clock = createServiceClock();
  let newest = 0;
  return {
    isSearch: true,
    leastMs: 30_000,
    remarks: ['On this plan rows that come more than 5 minutes late are not found, and each question is paid for.'],
    question() {
      const backMs = newest === 0 ? sinceMs : clock.now() - newest + searchOverlapMs;
      return {
        ...{ text: text.search(), timespan: seconds(backMs), isSearch: true, limitS: tail.limitS },
        mostRows: tail.mostRows,
      };
    },
    answered({ rows, now, came }) {
      clock.said(now);
      const from = newest || clock.now() - sinceMs;
      // An event of tomorrow must not hide those of today.
      for (const { generated } of rows) newest = Math.max(newest, Math.min(milliseconds(generated), clock.now()));
      const gap = { from, to: clock.now(), text: 'Only a part of the answer came.' };
      return came !== 'whole' ? { goOn: false, gap } : { goOn: false };
    },
    forgetBefore: () => momentOf(Math.max(0, newest - searchOverlapMs)),
  };
}

/** What time it is there, by its last word and our own ticking since. */
function createServiceClock(): { now(): number; said(moment: string): void } {
  let base = Date.now();
  let at = performance.now();
  return {
    now: () => base + performance.now() - at,
    said(moment) {
      base = milliseconds(moment) || base + performance.now() - at;
      at = performance.now();
    },
  };
}

function seconds(ms: number): string {
  return `PT${Math.ceil(ms / 1_000)}S`;
}
