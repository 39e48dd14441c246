/** Counts per second over the last two minutes, and by key over the last one. */
export type Rates = {
  add(key: string, at: number): void;
  /** Oldest first, 120 of them; the running second is not in it. */
  perSecond(now: number): readonly number[];
  /** Counts of the last minute, largest first. */
  byKey(now: number): readonly (readonly [string, number])[];
};

const SECONDS = 120;
const MINUTE = 60;

export function createRates(): Rates {
  const seconds = new Map<number, Map<string, number>>();

  const forget = (now: number): void => {
    const oldest = Math.floor(now / 1_000) - SECONDS;
    for (const second of seconds.keys()) if (second < oldest) seconds.delete(second);
  };

  return {
    add: (key, at) => {
      const second = Math.floor(at / 1_000);
      const counts = seconds.get(second) ?? new Map<string, number>();
      seconds.set(second, counts);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    perSecond: (now) => {
      forget(now);
      const running = Math.floor(now / 1_000);
      return Array.from({ length: SECONDS }, (_, index) => sum(seconds.get(running - SECONDS + index)));
    },
    byKey: (now) => {
      const oldest = Math.floor(now / 1_000) - MINUTE;
      const totals = new Map<string, number>();
      for (const [second, counts] of seconds) {
        if (second < oldest) continue;
        for (const [key, count] of counts) totals.set(key, (totals.get(key) ?? 0) + count);
      }
      return [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    },
  };
}

function sum(counts: ReadonlyMap<string, number> | undefined): number {
  let total = 0;
  for (const count of counts?.values() ?? []) total += count;
  return total;
}
