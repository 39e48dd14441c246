import type { Finding } from '../model/finding.ts';
import { type ObjectRef, refKey } from '../model/ref.ts';
import type { TimelineEntry } from '../model/timeline.ts';
import { isOwner } from './shortly-before.ts';

/** A check counts from what stands in the object, which may be minutes after the first sign of it. */
const windowMs = 10 * 60_000;

/** More would push out what is new. */
const most = 4;

/** Where each finding began: the first that was told of what it names, oldest last as they stand in `entries`. */
export function firstSigns(
  findings: readonly Finding[],
  entries: readonly TimelineEntry[],
): ReadonlySet<TimelineEntry> {
  const signs = new Set<TimelineEntry>();
  for (const finding of findings) {
    const { since = 0, objects } = finding;
    if (since <= 0 || signs.size >= most) continue;
    const named = new Set(objects.map(refKey));
    const workloads = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'DaemonSet');
    const concerns = (ref: ObjectRef) => named.has(refKey(ref)) || workloads.some((workload) => isOwner(workload, ref));
    const first = entries.findLast(
      ({ at, object, others = [] }) => at >= since - windowMs && (concerns(object) || others.some(concerns)),
    );
    if (first !== undefined) signs.add(first);
  }
  return signs;
}
