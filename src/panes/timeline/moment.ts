/**
 * A moment as people type it: `14:05`, `14:05:30` (UTC, the last time it was that late), `-20m`, `2h`, or an ISO date.
 * Undefined when it is none.
 */
export function parseMoment(text: string, now: number): number | undefined {
  const typed = text.trim();
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?Z?$/i.exec(typed) ?? [];
  if (hours !== undefined && minutes !== undefined) {
    if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
    const midnight = Math.floor(now / dayMs) * dayMs;
    const at = midnight + (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
    return at > now ? at - dayMs : at;
  }
  const [, count, unit = ''] = /^-?(\d+)([smhd])$/i.exec(typed) ?? [];
  if (count !== undefined) return now - Number(count) * (unitMs[unit.toLowerCase()] ?? 0);
  const at = /^\d{4}-\d{2}-\d{2}/.test(typed) ? Date.parse(typed.replace(' ', 'T')) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Meant as a time of day, whether there is one or not: `25:99`. */
export function isLikeTime(text: string): boolean {
  return /^\d{1,2}:\d{1,2}(:\d{1,2})?Z?$/i.test(text.trim());
}

const dayMs = 86_400_000;
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: dayMs };
