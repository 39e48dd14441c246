import { type ObjectRef, refKey } from './ref.ts';
import type { TimelineEntry } from './timeline.ts';
import { newestFirst, ownerKey } from './timeline-entries.ts';

/** A workload whose pods have neither come nor gone for so long is done replacing them. */
const QUIET_MS = 120_000;
/** A rollout over thousands of nodes is told anew after so long, lest it be hidden where it began. */
const LONGEST_MS = 600_000;

/**
 * Pods of one workload that go and come are told as what they are together: `azure-cns: 6 pods replaced`. Newest first,
 * in and out.
 */
export function withReplacements(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const groups: TimelineEntry[][] = [];
  const open = new Map<string, TimelineEntry[]>();
  for (const entry of entries.filter(isOurs).reverse()) {
    const key = ownerKey(entry);
    const group = open.get(key);
    const [first] = group ?? [];
    const last = group?.at(-1);
    const goesOn = first && last && entry.at - last.at <= QUIET_MS && entry.at - first.at <= LONGEST_MS;
    if (goesOn) group?.push(entry);
    else if (isLife(entry)) {
      const begun = [entry];
      groups.push(begun);
      open.set(key, begun);
    }
  }
  const several = groups.filter((group) => group.length > 1);
  if (several.length === 0) return entries;
  const told = new Set(several.flat());
  return [...entries.filter((entry) => !told.has(entry)), ...several.map(entryOf)].sort(newestFirst);
}

/** Coming, going, and being ready after it. */
function isOurs(entry: TimelineEntry): boolean {
  return entry.owner !== undefined && (isLife(entry) || entry.what === 'ready');
}

function isLife({ what }: TimelineEntry): boolean {
  return what === 'created' || what === 'deleted' || what === 'deleting';
}

function entryOf(group: readonly TimelineEntry[]): TimelineEntry {
  const [first] = group as [TimelineEntry];
  const of = (...words: readonly string[]) => group.filter(({ what }) => words.includes(what));
  const [come, went, ready] = [of('created'), of('deleted', 'deleting'), of('ready')];
  const [pods, readyPods] = [refsOf(come.length > 0 ? come : went), refsOf(ready)];
  const [object = first.object, ...others] = pods;
  const what = come.length === 0 ? (of('deleted')[0]?.what ?? 'deleting') : went.length > 0 ? 'replaced' : 'created';
  const told = (come.length > 0 ? come : of(what)).reduce((sum, { count }) => sum + count, 0);
  const { others: _others, ...rest } = first;
  return {
    ...rest,
    what,
    object,
    ...(others.length > 0 ? { others } : {}),
    nodes: [...new Set(group.flatMap(({ nodes = [] }) => nodes))],
    detail: readyPods.length > 0 ? `${readyPods.length} ready` : '',
    count: Math.max(pods.length, told),
    live: group.some(({ live }) => live),
  };
}

function refsOf(entries: readonly TimelineEntry[]): readonly ObjectRef[] {
  const all = entries.flatMap(({ object, others = [] }) => [object, ...others]);
  return [...new Map(all.map((ref) => [refKey(ref), ref])).values()];
}
