import type { TimelineEntry } from './timeline.ts';
import { newestFirst, ownerKey, untilOf } from './timeline-entries.ts';

/** What ends so close together on one node had one cause. */
const TOGETHER_MS = 60_000;
/** Pods of so many different workloads do not all fail of themselves. */
const FEWEST_WORKLOADS = 4;
/** Nodes that restart so close to one another are one deed. */
const SAME_DEED_MS = 120_000;

type Restart = { node: string; ended: readonly TimelineEntry[] };

/**
 * Containers of many workloads that ended together on a node are told as the node's restart. That is inferred, since a
 * node keeps no record of its own, and the entry says from what. Newest first, in and out.
 */
export function withNodeRestarts(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const byNode = new Map<string, TimelineEntry[]>();
  for (const entry of entries) {
    const node = entry.what === 'restarted' ? entry.nodes?.[0] : undefined;
    if (node === undefined || isOngoing(entry)) continue;
    const known = byNode.get(node);
    if (known) known.push(entry);
    else byNode.set(node, [entry]);
  }
  const restarts = [...byNode].flatMap(([node, ended]) => restartsOf(node, ended.reverse()));
  if (restarts.length === 0) return entries;
  const told = new Set(restarts.flatMap(({ ended }) => ended));
  return [...entries.filter((entry) => !told.has(entry)), ...deeds(restarts).map(entryOf)].sort(newestFirst);
}

/** A crash loop that happened to begin then is a trouble of its own. */
function isOngoing(entry: TimelineEntry): boolean {
  return untilOf(entry) - entry.at > TOGETHER_MS;
}

/** `ended`: oldest first. */
function restartsOf(node: string, ended: readonly TimelineEntry[]): Restart[] {
  const found: Restart[] = [];
  for (let from = 0; from + FEWEST_WORKLOADS <= ended.length; ) {
    const until = (ended[from] as TimelineEntry).at + TOGETHER_MS;
    let to = from + 1;
    while ((ended[to]?.at ?? Number.POSITIVE_INFINITY) <= until) to += 1;
    const together = to - from < FEWEST_WORKLOADS ? [] : ended.slice(from, to);
    const isRestart = new Set(together.map(workloadOf)).size >= FEWEST_WORKLOADS;
    if (isRestart) found.push({ node, ended: together });
    from = isRestart ? to : from + 1;
  }
  return found;
}

function workloadOf(entry: TimelineEntry): string {
  return ownerKey(entry) || entry.object.name;
}

function deeds(restarts: readonly Restart[]): Restart[][] {
  const found: Restart[][] = [];
  for (const restart of restarts.toSorted((a, b) => startOf(a) - startOf(b))) {
    const deed = found.at(-1);
    const [first] = deed ?? [];
    if (deed && first && startOf(restart) - startOf(first) <= SAME_DEED_MS) deed.push(restart);
    else found.push([restart]);
  }
  return found;
}

function startOf({ ended }: Restart): number {
  return ended[0]?.at ?? 0;
}

function entryOf(deed: readonly Restart[]): TimelineEntry {
  const ended = deed.flatMap((restart) => restart.ended);
  const nodes = [...new Set(deed.map(({ node }) => node))];
  const [first, ...others] = nodes.map((name) => ({ kind: 'Node', name }));
  const at = Math.min(...ended.map((entry) => entry.at));
  const pods = new Set(ended.map(({ object }) => `${object.namespace ?? ''}/${object.name}`)).size;
  const workloads = new Set(ended.map(workloadOf)).size;
  return {
    id: `${at}|restarted|Node|${nodes[0] ?? ''}`,
    at,
    what: 'restarted',
    object: first ?? { kind: 'Node', name: '' },
    ...(others.length > 0 ? { others } : {}),
    nodes,
    detail: `≈ ${pods} pods of ${workloads} workloads ended together`,
    who: '',
    count: nodes.length,
    live: ended.some(({ live }) => live),
  };
}
