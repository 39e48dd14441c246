import type { TimelineEntry } from '../../model/timeline.ts';
import type { ListState } from '../../ui/list.ts';
import { timelineId } from '../timeline-row.ts';

/** The list with its cursor at the newest change not after `moment`, a few lines of what came next above it. Nothing follows. */
export function jumpTo(state: ListState, entries: readonly TimelineEntry[], moment: number): ListState {
  const found = entries.findIndex((entry) => entry.at <= moment);
  const index = found < 0 ? entries.length - 1 : found;
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
