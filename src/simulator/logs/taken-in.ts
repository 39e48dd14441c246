// A table's rows on their way in: written at one time, taken in at a later one, and from then on to be read.
import { chance, chanceBetween } from '../voices/chance.ts';
import { datetimeText, type Written } from './row.ts';

/** What is wrong with the way in. */
export type Way = {
  /** Seconds from TimeGenerated to ingestion_time(), least and most. */
  delay: readonly [number, number];
  /** Since when one row in four comes minutes after its batch; Infinity: never. */
  lateSince: number;
  /** Since when one row in five is delivered twice, as at-least-once delivery may; Infinity: never. */
  duplicatesSince: number;
  /** What would be taken in meanwhile is lost. */
  stops: readonly { from: number; to: number }[];
};

export type TakenRow = {
  written: Written;
  /** Milliseconds since 1970 and 100 ns beyond them. */
  ingested: number;
  fraction: number;
};

export type TakenIn = {
  /** Rows in order of ingestion. Grows at its end and is cut at its start. */
  readonly rows: readonly TakenRow[];
  /** Puts rows on their way. */
  send(written: Iterable<Written>, way: Way): void;
  /** Takes in what has come by now. */
  take(now: number): void;
};

/** `most` rows are kept, none older than a day. */
export function createTakenIn(most: number): TakenIn {
  let rows: TakenRow[] = [];
  let coming: TakenRow[] = [];
  let taken = 0;
  return {
    get rows() {
      return rows;
    },
    send(written, way) {
      for (const one of written) {
        for (const row of arrivals(one, way)) if (!isLost(row, way)) coming.push(row);
      }
    },
    take(now) {
      const here: TakenRow[] = [];
      const still: TakenRow[] = [];
      for (const row of coming) {
        // Whoever has read up to a moment shall never find a row before it that was not there.
        if (row.ingested <= taken) row.ingested = taken + 1;
        (row.ingested <= now ? here : still).push(row);
      }
      coming = still;
      taken = now;
      if (here.length > 0) {
        here.sort((a, b) => a.ingested - b.ingested || a.fraction - b.fraction);
        for (const row of here) rows.push(row);
      }
      const day = now - 86_400_000;
      const old = rows.findIndex(({ ingested }) => ingested > day);
      const cut = Math.max(old < 0 ? rows.length : old, rows.length - most);
      if (cut > 0 && (cut > most / 10 || cut === rows.length)) rows = rows.slice(cut);
    },
  };
}

/** Once, later than it was written, or twice. Most batches are quick: the delay leans to its lower end. */
function arrivals(written: Written, { delay, duplicatesSince, lateSince }: Way): TakenRow[] {
  const [least, most] = delay;
  const { at, batch, key, table } = written;
  const usual = (least + (most - least) * chance(`${table} ${batch} delay`) ** 3) * 1000;
  const behind = at >= lateSince && chance(`${key} late`) < 0.25 ? chanceBetween(`${key} behind`, 120_000, 420_000) : 0;
  const first = arrival(written, usual + behind, behind > 0 ? key : batch);
  if (at < duplicatesSince || chance(`${key} twice`) >= 0.2) return [first];
  return [first, arrival(written, usual + behind + chanceBetween(`${key} again`, 0, 20_000), `${key} again`)];
}

function arrival(written: Written, delay: number, batch: string): TakenRow {
  const fraction = chanceBetween(`${written.table} ${batch} taken`, 0, 9_999);
  return { written, ingested: written.at + Math.max(1, Math.round(delay)), fraction };
}

function isLost({ ingested }: TakenRow, { stops }: Way): boolean {
  return stops.some(({ from, to }) => ingested >= from && ingested < to);
}

export function ingestionTime({ ingested, fraction }: TakenRow): string {
  return datetimeText(ingested, fraction);
}
