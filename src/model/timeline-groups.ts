import { type ObjectRef, refKey } from './ref.ts';
import type { TimelineEntry } from './timeline.ts';

const GROUP_MS = 2_000;
const MOST_OTHERS = 500;

/**
 * Entries that say the same of several objects within two seconds, as one: a rollout of eight Deployments is one deed.
 * Newest first, in and out. A group stands at its oldest moment, so that what followed from it stays above it.
 */
export function grouped(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at] as TimelineEntry;
    const key = keyOf(entry);
    const group = open.get(key);
    if (group && entry.at - group.first.at <= GROUP_MS) {
      group.more.push(entry);
      continue;
    }
    const begun = { first: entry, more: [] };
    groups.push(begun);
    open.set(key, begun);
  }
  const told = groups.map(({ first, more }) => (more.length === 0 ? first : together(first, more)));
  return distinct(told).reverse();
}

/**
 * What an entry is called for as long as it lives: by what it says and when that was said first, not by its object,
 * since a group may come to stand under another one.
 */
export function entryId(entry: TimelineEntry): string {
  return `${entry.at}|${keyOf(entry)}`;
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

/** Both entries' objects, each once. */
export function othersOf(first: TimelineEntry, more: readonly TimelineEntry[]): readonly ObjectRef[] {
  const known = new Set([refKey(first.object)]);
  const others: ObjectRef[] = [];
  for (const ref of [...(first.others ?? []), ...more.flatMap(({ object, others = [] }) => [object, ...others])]) {
    if (others.length >= MOST_OTHERS || known.has(refKey(ref))) continue;
    known.add(refKey(ref));
    others.push(ref);
  }
  return others;
}

type Group = { first: TimelineEntry; more: TimelineEntry[] };

/** What runs the network is never lumped together with what runs on it. */
function keyOf({ what, who, object, detail }: TimelineEntry): string {
  const system = object.namespace === 'kube-system' ? 'system' : '';
  return `${what}|${who}|${object.kind}|${system}|${saying[what] ? saying[what](detail) : detail}`;
}

/** Of a detail the part in which entries of one group agree, where it is not the whole. */
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
  const others = othersOf(first, more);
  return {
    ...first,
    detail: details.length === 1 ? first.detail : oneDetail(first.what, details),
    // Three containers of a pod that end together are one restart of it.
    count:
      others.length === 0 ? Math.max(...all.map(({ count }) => count)) : all.reduce((sum, { count }) => sum + count, 0),
    live: all.some(({ live }) => live),
    ...(others.length > 0 ? { others } : {}),
  };
}

function oneDetail(what: string, details: readonly string[]): string {
  if (what === 'created' || what === 'deleted') return `endpoints of ${details.length} namespaces`;
  if (what === 'rollout') return (details[0] ?? '').replace(/^revision \d+ → \d+(, )?/, '');
  if (what === 'restarted') {
    const how = saying['restarted']?.(details[0] ?? '') ?? '';
    return `${details.map((detail) => detail.slice(0, detail.indexOf(': '))).join(', ')}: ${how}`;
  }
  const [fields = [], ...rest] = details.map((detail) => detail.split(', '));
  const shared = fields.filter((field) => rest.every((other) => other.includes(field)));
  return [...shared, '…'].join(', ');
}
