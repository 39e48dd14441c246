/** The API server's clock, as the Date of its answers tells it. */
export type ServerClock = {
  /** ms since 1970 as the server has it; as we have it until it told. */
  now(): number;
  /** By how much it is ahead of ours, ms; 0 while the two differ by no more than anybody would notice. */
  skew(): number;
  /** `date` of the head of an answer that came now, `ms` after it was asked for. */
  hear(date: string | readonly string[] | undefined, ms: number): void;
};

/** Both are told in whole seconds, and watches wait as long in proxies: less says nothing. */
const leastMs = 5_000;
/** What two tellings may differ by, although neither clock was set. */
const noiseMs = 3_000;
/** When an answer this slow was written nobody knows. */
const slowMs = 2_000;

/** `onSkew` hears of it at once, before any row of the same answer. */
export function createServerClock(onSkew: (skew: number) => void, ours: () => number = Date.now): ServerClock {
  let skew = 0;
  let heard = false;
  let doubt: number | undefined;

  return {
    now: () => ours() + skew,
    skew: () => skew,
    hear(date, ms) {
      // Whole seconds, cut off.
      const told = Date.parse(String(date)) + 500 + ms / 2 - ours();
      if (Number.isNaN(told) || ms > slowMs) return;
      const isFirst = !heard;
      heard = true;
      if (Math.abs(told - skew) <= (isFirst ? leastMs : noiseMs)) {
        doubt = undefined;
        return;
      }
      // A clock that was set is believed when two answers say so: one may be a proxy's, or have waited on its way.
      if (!isFirst && (doubt === undefined || Math.abs(told - doubt) > noiseMs)) {
        doubt = told;
        return;
      }
      doubt = undefined;
      const next = Math.abs(told) <= leastMs ? 0 : Math.round(told / 1_000) * 1_000;
      if (next === skew) return;
      skew = next;
      onSkew(skew);
    },
  };
}
