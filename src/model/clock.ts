// Moments as people read them, all in UTC: every engineer on the call reads the same time.

/** `11:46Z`. */
export function clock(at: number): string {
  return `${iso(at).slice(11, 16)}Z`;
}

/** `12:00:12`, where a heading says that these are times of today. */
export function clockSecond(at: number): string {
  return iso(at).slice(11, 19);
}

/** `2026-11-22 11:46Z`. */
export function dateAndClock(at: number): string {
  return `${iso(at).slice(0, 10)} ${clock(at)}`;
}

/** At most eight columns: `12:00:12`, or the day when it was not today: `Nov 21`. '' for no moment. */
export function clockTime(at: number, now: number): string {
  if (at <= 0) return '';
  return isSameDay(at, now) ? clockSecond(at) : dayOf(at, 2);
}

/** `11:04:24Z`, with the day in front when it was not today: `Nov 21 11:04:24Z`. '' for no moment. */
export function clockMoment(at: number, now: number): string {
  if (at <= 0) return '';
  return `${isSameDay(at, now) ? '' : `${dayOf(at, 1)} `}${clockSecond(at)}Z`;
}

/** Hours and minutes: `11:04`, with the day in front when it was not today. '' for no moment. */
export function clockMinute(at: number, now: number): string {
  if (at <= 0) return '';
  const minute = iso(at).slice(11, 16);
  return isSameDay(at, now) ? minute : `${dayOf(at, 1)} ${minute}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function isSameDay(at: number, now: number): boolean {
  return iso(at).slice(0, 10) === iso(now).slice(0, 10);
}

function dayOf(at: number, columns: number): string {
  const date = new Date(at);
  return `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(columns, ' ')}`;
}

/** By hand: asking Intl for one month takes longer than drawing the rest of the line. */
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
