/** Milliseconds since 1970, both ends included. */
export type TimeRange = { from: number; to: number };

/**
 * ISO 8601 as the service reads it: a duration that ends now, `start/end`, `start/duration` or `duration/end`.
 * Undefined for what it would not take.
 */
export function readTimespan(text: string, now: number): TimeRange | undefined {
  const [first = '', second, ...more] = text.split('/');
  if (more.length > 0) return undefined;
  if (second === undefined) {
    const length = readDuration(first);
    return length === undefined ? undefined : { from: now - length, to: now };
  }
  const [start, end] = [readMoment(first), readMoment(second)];
  const [before, after] = [readDuration(first), readDuration(second)];
  if (start !== undefined && end !== undefined) return { from: start, to: end };
  if (start !== undefined && after !== undefined) return { from: start, to: start + after };
  if (before !== undefined && end !== undefined) return { from: end - before, to: end };
  return undefined;
}

const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const PARTS_MS = [31_536_000_000, 2_592_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1_000];

function readDuration(text: string): number | undefined {
  const found = DURATION.exec(text);
  if (found === null || !/\d/.test(text)) return undefined;
  return PARTS_MS.reduce((sum, ms, index) => sum + Number(found[index + 1] ?? 0) * ms, 0);
}

function readMoment(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
