import type { Lag } from '../model/churn.ts';
import { age, width } from '../ui/text.ts';

/** `p50 0.6s p99 2.1s` as our watches saw it. What was not measured is no zero. */
export function lagText({ p50, p99, count }: Lag): string {
  return count === 0 ? 'not measured' : `p50 ${seconds(p50)} p99 ${seconds(p99)}`;
}

/** Of both ways an address takes, in one line: where there is no room for that, the median is left out. */
export function lagLine(first: Lag, second: Lag, columns: number): string {
  const whole = `endpoint ${lagText(first)} · slice ${lagText(second)}`;
  if (width(whole) <= columns) return whole;
  const short = (lag: Lag) => (lag.count === 0 ? '–' : `p99 ${seconds(lag.p99)}`);
  return `endpoint ${short(first)} · slice ${short(second)}`;
}

/** `0s` where one came with the other or before it, else `<0.1s`, `0.8s`, `42s`, `7m`. */
export function seconds(milliseconds: number): string {
  if (milliseconds <= 0) return '0s';
  if (milliseconds < 100) return '<0.1s';
  return milliseconds < 9_950 ? `${(milliseconds / 1_000).toFixed(1)}s` : age(milliseconds);
}
