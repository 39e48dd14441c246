import { age } from '../ui/text.ts';

/** What is left of a time: to the second below an hour, for somebody is waiting for it or typing. Never below 0:00. */
export function left(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000));
  if (seconds >= 3_600) return age(until - now);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
