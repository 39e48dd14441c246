import { refKey } from './ref.ts';
import type { TimelineEntry } from './timeline.ts';

/** Between what somebody asked for and the controller's event about it. */
const AT_ONCE_MS = 5_000;
/** A rollout may take this long; the steps in which it scales its ReplicaSets are no news of their own. */
const ROLLOUT_MS = 30 * 60_000;

/** Who writes the events of a Deployment's scaling. */
export const scalingComponent = 'deployment-controller';

/**
 * The controller tells from how many replicas to how many, an object's history who wanted it: together they are one
 * entry. What it tells of a rollout or of a new Deployment is said by these already. Newest first, in and out.
 */
export function withScalings(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const steps = entries.filter(isStep);
  if (steps.length === 0) return entries;
  const concerned = new Set(steps.map(({ object }) => refKey(object)));
  const others = Map.groupBy(
    entries.filter((entry) => !isStep(entry) && concerned.has(refKey(entry.object))),
    ({ object }) => refKey(object),
  );
  const left = new Set<TimelineEntry>();
  const details = new Map<TimelineEntry, string>();
  for (const step of steps) {
    const theirs = others.get(refKey(step.object)) ?? [];
    const wish = theirs.find((entry) => entry.what === 'scaled' && Math.abs(entry.at - step.at) <= AT_ONCE_MS);
    if (wish && sameGoal(wish, step)) details.set(wish, step.detail);
    if (wish || theirs.some((entry) => saysIt(entry, step))) left.add(step);
  }
  return entries.flatMap((entry) => {
    const detail = details.get(entry);
    if (detail !== undefined) return [{ ...entry, detail }];
    return left.has(entry) ? [] : [entry];
  });
}

function isStep({ what, who, object }: TimelineEntry): boolean {
  return what === 'scaled' && who === scalingComponent && object.kind === 'Deployment';
}

/** Of a scaling it is only known what was asked for; then the controller knows more. */
function sameGoal(wish: TimelineEntry, step: TimelineEntry): boolean {
  return wish.detail.startsWith('to ') && step.detail.endsWith(wish.detail.slice('to '.length));
}

function saysIt(entry: TimelineEntry, step: TimelineEntry): boolean {
  const after = step.at - entry.at;
  if (entry.what === 'rollout') return after >= -AT_ONCE_MS && after <= ROLLOUT_MS;
  return entry.what === 'created' && after >= -AT_ONCE_MS && after <= 60_000;
}
