import type { TimelineEntry } from '../../model/timeline.ts';
import type { ListState } from '../../ui/list.ts';
import { timelineId } from '../timeline-row.ts';

/** The list with its cursor at the change nearest to `moment`, a few lines of what came next above it. Nothing follows. */
export function jumpTo(state: ListState, entries: readonly TimelineEntry[], moment: number): ListState {
  const before = entries.findIndex((entry) => entry.at <= moment);
  const index = nearest(entries, before < 0 ? entries.length - 1 : before, moment);
  const entry = entries[index];
  if (entry === undefined) return state;
  return {
    ...state,
    following: false,
    moved: true,
    filter: '',
    troubled: false,
    cursor: timelineId(entry),
    index,
    top: Math.max(0, index - 3),
  };
}

/** Of the newest change not after `moment` and the one after it; where both are as near, what had happened by then. */
function nearest(entries: readonly TimelineEntry[], before: number, moment: number): number {
  const [later, earlier] = [entries[before - 1], entries[before]];
  if (later === undefined || earlier === undefined) return before;
  return later.at - moment < moment - earlier.at ? before - 1 : before;
}
