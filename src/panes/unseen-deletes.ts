import { clockMinute } from '../model/clock.ts';
import type { Timeline } from '../model/timeline.ts';

/**
 * Until when deletes are unseen: before we watched, or before the audit log reaches back to; and while what it says of
 * the time in between is still on its way, that time. '' where nothing is known of it. `zone`: where a heading
 * has no room for it.
 */
export function unseenDeletes({ watchedSince, audited }: Timeline, now: number, zone: 'Z' | '' = 'Z'): string {
  if (watchedSince <= 0) return '';
  if (audited === undefined || audited.from >= watchedSince)
    return `deletes before ${clockMinute(watchedSince, now)}${zone} unseen`;
  const gap =
    audited.until < watchedSince
      ? `, ${clockMinute(audited.until, now)}–${clockMinute(watchedSince, now)} not yet`
      : '';
  return `deletes before ${clockMinute(audited.from, now)}${zone} unseen${gap}`;
}
