/** A moment in UTC, eight columns: `12:00:12`, or the day when it was not today: `Nov 21`. */
export function clockTime(at: number, now: number): string {
  if (at <= 0) return '';
  const text = new Date(at).toISOString();
  const today = new Date(now).toISOString().slice(0, 10);
  return text.slice(0, 10) === today ? text.slice(11, 19) : dayOf(at, 2);
}

/** Hours and minutes: `11:04`, with the day in front when it was not today. */
export function clockMinute(at: number, now: number): string {
  if (at <= 0) return '';
  const text = new Date(at).toISOString();
  const time = text.slice(11, 16);
  return text.slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? time : `${dayOf(at, 1)} ${time}`;
}

function dayOf(at: number, columns: number): string {
  const date = new Date(at);
  return `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(columns, ' ')}`;
}

/** By hand: asking Intl for one month takes longer than drawing the rest of the line. */
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
