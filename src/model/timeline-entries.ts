import { type ObjectRef, refKey } from './ref.ts';
import type { TimelineEntry } from './timeline.ts';

const MOST = 500;
/** What went on for less than this was one moment. */
const MOMENT_MS = 60_000;

/** Newest first. Timestamps are whole seconds: in one second a deed comes before what the controllers make of it. */
export function newestFirst(a: TimelineEntry, b: TimelineEntry): number {
  return b.at - a.at || rankOf(b.what) - rankOf(a.what);
}

function rankOf(what: string): number {
  if (what === 'created' || what === 'edited' || what === 'scaled') return 0;
  return what === 'rollout' || what === 'image' ? 1 : 2;
}

/** Whose and where `first` and `more` are together, and until when; the rest is said of `first`. */
export function united(first: TimelineEntry, more: readonly TimelineEntry[]): TimelineEntry {
  const { owner, last: _last, others: _others, nodes: _nodes, ...rest } = first;
  const others = othersOf(first, more);
  const nodes = nodesOf(first, more);
  const last = more.reduce((until, entry) => Math.max(until, untilOf(entry)), untilOf(first));
  return {
    ...rest,
    live: first.live || more.some(({ live }) => live),
    ...(others.length > 0 ? { others } : {}),
    ...(nodes.length > 0 ? { nodes } : {}),
    ...(owner && more.every((entry) => ownerKey(entry) === refKey(owner)) ? { owner } : {}),
    ...(last - first.at >= MOMENT_MS ? { last } : {}),
  };
}

export function untilOf({ at, last = at }: TimelineEntry): number {
  return last;
}

/** '' where the entry is not of one workload's pods. */
export function ownerKey({ owner }: TimelineEntry): string {
  return owner === undefined ? '' : refKey(owner);
}

/** All entries' objects but the first entry's own, each once. */
function othersOf(first: TimelineEntry, more: readonly TimelineEntry[]): readonly ObjectRef[] {
  const { object, others: known = [] } = first;
  const refs = more.flatMap((entry) => (entry.others === undefined ? entry.object : [entry.object, ...entry.others]));
  // Most of the time one entry comes to hundreds: comparing is then much cheaper than making a key of each.
  if (refs.length <= 4) {
    const added = refs.filter((ref) => !isSame(ref, object) && !known.some((one) => isSame(one, ref)));
    return added.length === 0 ? known : [...known, ...added].slice(0, MOST);
  }
  const own = refKey(object);
  const all = new Map([...known, ...refs].map((ref) => [refKey(ref), ref]));
  all.delete(own);
  return [...all.values()].slice(0, MOST);
}

function isSame(a: ObjectRef, b: ObjectRef): boolean {
  return a.name === b.name && a.namespace === b.namespace && a.kind === b.kind;
}

function nodesOf(first: TimelineEntry, more: readonly TimelineEntry[]): readonly string[] {
  const { nodes: known = [] } = first;
  const added = more.flatMap(({ nodes = [] }) => nodes.filter((node) => !known.includes(node)));
  return added.length === 0 ? known : [...new Set([...known, ...added])].slice(0, MOST);
}
