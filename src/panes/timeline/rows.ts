import { clockMinute } from '../../model/clock.ts';
import type { SourceId } from '../../model/link.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Timeline } from '../../model/timeline.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { tightObject } from '../short-kind.ts';
import type { TimelineRow } from '../timeline-row.ts';
import { unseenDeletes } from '../unseen-deletes.ts';

/** What decides at 80 columns first; where it was read from only after `w`. */
export const columns: readonly Column[] = [
  { id: 'time', title: 'TIME', min: 8 },
  { id: 'what', title: 'WHAT', min: 7, max: 11, cut: 'end' },
  { id: 'object', title: 'OBJECT', min: 18, max: 52 },
  { id: 'detail', title: 'DETAIL', min: 18, grow: true, cut: 'end' },
  { id: 'who', title: 'WHO', min: 7, max: 28, drop: 1 },
  { id: 'seen', title: 'SEEN', min: 7, wideOnly: true },
];

/** `narrow`: words give way, so that of names as much as possible stays. */
export function cells(row: TimelineRow, narrow: boolean): readonly Cell[] {
  return [
    { text: row.time, tone: 'dim' },
    { text: row.what, tone: row.tone },
    narrow ? tightObject(row.object) : row.object,
    row.detail,
    { text: row.who, tone: 'dim' },
    { text: row.entry.origin ?? (row.entry.live ? 'live' : 'history'), tone: 'dim' },
  ];
}

/** `not seen: events (forbidden) · since 11:04 · deletes before 12:02Z unseen`; without the times where there is little room. */
export function about(timeline: Timeline, links: Snapshot['links'], now: number, roomy: boolean): string {
  const parts = [];
  const unseen = told.filter(({ sources }) => sources.every((source) => links.get(source)?.phase === 'forbidden'));
  if (unseen.length > 0) parts.push(`not seen: ${unseen.map(({ name }) => name).join(', ')} (forbidden)`);
  const { tellsSince } = timeline;
  if (tellsSince > 0 && roomy) parts.push(`since ${clockMinute(tellsSince, now).replace(/ \d\d:\d\d$/, '')}`);
  const deletes = unseenDeletes(timeline, now);
  if (deletes !== '') parts.push(deletes);
  return parts.join(' · ');
}

/** What people look for in a timeline: where it may not be read, its absence here means nothing. */
const told: readonly { name: string; sources: readonly SourceId[] }[] = [
  { name: 'agents', sources: ['systemPods'] },
  { name: 'nodes', sources: ['nodes'] },
  { name: 'rollouts', sources: ['daemonSets'] },
  { name: 'settings', sources: ['configMaps'] },
  { name: 'events', sources: ['events'] },
  { name: 'policies', sources: ['ciliumNetworkPolicies', 'networkPolicies'] },
];

/** What is worse than before. */
export function isTrouble(row: TimelineRow): boolean {
  return row.tone === 'error' || row.tone === 'warning';
}
