import { clockMinute } from '../model/clock.ts';

/** `1 node`, `3 nodes`, `12,000 pods`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${number(n)} ${n === 1 ? noun : plural}`;
}

/** A whole number with thousands separated: 65,280. The screen's `number`, word for word (a test holds them together). */
export function number(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** The first few names, and how many more: `a, b and 3 more`. */
export function names(all: Iterable<string>, max = 3): string {
  const list = [...new Set(all)];
  if (list.length <= max) return list.join(', ');
  return `${list.slice(0, max).join(', ')} and ${number(list.length - max)} more`;
}

/** A duration as the screen's `age` has it: `42s`, `7m`, `3h`, `2d`, whole ones that have passed. Never negative: clocks differ. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

/** ` since 11:46Z (14m)` for a known moment, with the day where it was not today; '' for none. */
export function sinceText(at: number | undefined, now: number): string {
  return at ? ` since ${clockMinute(at, now)}Z (${age(now - at)})` : '';
}

/** What kubectl prints of a pod, and what it leaves out: that a running one is not ready. */
export function statusText(pod: { status: string; ready: boolean }): string {
  return pod.status === 'Running' && !pod.ready ? 'Running, not ready' : pod.status;
}

/** At most `max` lines, and one that says how many were left out. */
export function atMost(lines: readonly string[], max: number, noun = 'line'): readonly string[] {
  if (lines.length <= max) return lines;
  return [...lines.slice(0, max), `and ${count(lines.length - max, `more ${noun}`, `more ${noun}s`)}`];
}
