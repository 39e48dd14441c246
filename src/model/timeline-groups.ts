import { refKey } from './ref.ts';
import type { TimelineEntry } from './timeline.ts';
import { ownerKey, united, untilOf } from './timeline-entries.ts';
import { withReplacements } from './timeline-replacements.ts';
import { withNodeRestarts } from './timeline-restarts.ts';
import { withRollouts } from './timeline-rollouts.ts';
import { withScalings } from './timeline-scalings.ts';

const AT_ONCE_MS = 2_000;
const SAME_WORKLOAD_MS = 60_000;

/**
 * Entries that have one cause, as one that names it: a node that restarted, a workload whose pods were replaced, a
 * rollout of eight Deployments. Newest first, in and out. A group stands at its oldest moment, so that what followed
 * from it stays above it.
 */
export function createGrouping(): (entries: readonly TimelineEntry[]) => readonly TimelineEntry[] {
  // The same entries come again with every change, and making their keys is most of the work.
  const workloads = kept(workloadKey);
  const deeds = kept(keyOf);
  return (entries) => {
    const caused = withRollouts(withScalings(withReplacements(withNodeRestarts(entries))));
    const byDeed = lumped(lumped(caused, workloads, SAME_WORKLOAD_MS), deeds, AT_ONCE_MS);
    return distinct(byDeed.toReversed()).reverse();
  };
}

function kept<T>(make: (entry: TimelineEntry) => T): (entry: TimelineEntry) => T {
  const made = new WeakMap<TimelineEntry, { value: T }>();
  return (entry) => {
    const known = made.get(entry) ?? { value: make(entry) };
    made.set(entry, known);
    return known.value;
  };
}

/**
 * What an entry is called for as long as it lives: by what it says and when that was said first, not by its object,
 * since a group may come to stand under another one.
 */
export function entryId(entry: TimelineEntry): string {
  return `${entry.at}|${keyOf(entry)}`;
}

type Group = { first: TimelineEntry; more: TimelineEntry[]; until: number };

/** Those of one key, each within `withinMs` of where the ones before it ended, as one. Undefined is no key. */
function lumped(
  entries: readonly TimelineEntry[],
  key: (entry: TimelineEntry) => string | undefined,
  withinMs: number,
): readonly TimelineEntry[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at] as TimelineEntry;
    const own = key(entry);
    const group = own === undefined ? undefined : open.get(own);
    if (group && entry.at - group.until <= withinMs) {
      group.more.push(entry);
      if (withinMs > AT_ONCE_MS) group.until = Math.max(group.until, untilOf(entry));
      continue;
    }
    const begun = { first: entry, more: [], until: withinMs > AT_ONCE_MS ? untilOf(entry) : entry.at };
    groups.push(begun);
    if (own !== undefined) open.set(own, begun);
  }
  return groups.map(({ first, more }) => (more.length === 0 ? first : together(first, more))).reverse();
}

/** Entries that were folded away from their first moment may share it with others: those are told apart by their object. */
function distinct(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const taken = new Set<string>();
  return entries.map((entry) => {
    let { id = entryId(entry) } = entry;
    while (taken.has(id)) id = `${id}|${refKey(entry.object)}`;
    taken.add(id);
    return id === entry.id ? entry : { ...entry, id };
  });
}

/** What happened to pods of one workload, or on one node, and goes on as one thing. */
function workloadKey(entry: TimelineEntry): string | undefined {
  const { what, nodes } = entry;
  if (entry.owner !== undefined) return `${what}|${ownerKey(entry)}|${sayingOf(entry)}`;
  return what === 'event' && nodes !== undefined ? keyOf(entry) : undefined;
}

/** What runs the network is never lumped together with what runs on it, nor one part of it with another. */
function keyOf(entry: TimelineEntry): string {
  const { what, who, object } = entry;
  const system = object.namespace === 'kube-system' ? `system ${ownerKey(entry)}` : '';
  return `${what}|${who}|${object.kind}|${system}|${sayingOf(entry)}`;
}

/** Of a detail the part in which entries of one group agree, where it is not the whole. */
function sayingOf({ what, detail }: TimelineEntry): string {
  return saying[what] ? saying[what](detail) : detail;
}

const saying: Readonly<Record<string, (detail: string) => string>> = {
  created: withoutNamespace,
  deleted: withoutNamespace,
  edited: () => '',
  rollout: (detail) => detail.replace(/^revision \d+ → \d+/, ''),
  restarted: (detail) => detail.slice(detail.indexOf(': ') + 2),
};

/** Slices are told by the namespace of their endpoints. */
function withoutNamespace(detail: string): string {
  return detail.replace(/^endpoints of .*/, 'endpoints');
}

function together(first: TimelineEntry, more: readonly TimelineEntry[]): TimelineEntry {
  const all = [first, ...more];
  const details = [...new Set(all.map(({ detail }) => detail))];
  const whole = united(first, more);
  const alone = whole.others === undefined;
  return {
    ...whole,
    detail: details.length === 1 ? first.detail : oneDetail(first.what, details),
    // Three containers of a pod that end together are one restart of it.
    count: alone ? Math.max(...all.map(({ count }) => count)) : all.reduce((sum, { count }) => sum + count, 0),
  };
}

function oneDetail(what: string, details: readonly string[]): string {
  if (what === 'created' || what === 'deleted') return `endpoints of ${details.length} namespaces`;
  if (what === 'rollout') return (details[0] ?? '').replace(/^revision \d+ → \d+(, )?/, '');
  if (what === 'restarted') {
    const how = saying['restarted']?.(details[0] ?? '') ?? '';
    const names = details.flatMap((detail) => detail.slice(0, detail.indexOf(': ')).split(', '));
    return `${[...new Set(names)].join(', ')}: ${how}`;
  }
  const [fields = [], ...rest] = details.map((detail) => detail.split(', '));
  const shared = fields.filter((field) => rest.every((other) => other.includes(field)));
  return [...shared, '…'].join(', ');
}
