import type { Lag } from '../model/churn.ts';
import { age } from '../ui/text.ts';

/** `p50 0.6s p99 2.1s` as our watches saw it. What was not measured is no zero. */
export function lagText({ p50, p99, count }: Lag): string {
  return count === 0 ? 'not measured' : `p50 ${seconds(p50)} p99 ${seconds(p99)}`;
}

/** `0s` where one came with the other or before it, else `<0.1s`, `0.8s`, `42s`, `7m`. */
export function seconds(milliseconds: number): string {
  if (milliseconds <= 0) return '0s';
  if (milliseconds < 100) return '<0.1s';
  return milliseconds < 9_950 ? `${(milliseconds / 1_000).toFixed(1)}s` : age(milliseconds);
}
