import { type CniWords, cniWords, SANDBOX_REASONS } from './cni-words.ts';
import type { EventRow } from './objects/others.ts';
import type { PodRow } from './objects/pod.ts';
import type { Snapshot } from './snapshot.ts';

/** A pod that waits for its network, by the CNI's own words. Image pulls and volumes are not ours. */
export type StuckPod = { pod: PodRow; event: EventRow; words: CniWords; since: number };

/** Stuck pods of one pool, by node, with what the CNI says most often. */
export type StuckGroup = {
  pool: string;
  pods: readonly StuckPod[];
  nodes: readonly { node: string; pods: number }[];
  words: CniWords;
  since: number;
};

const WAITING = ['ContainerCreating', 'PodInitializing', 'Pending'];

/** O(pods that wait): by index, not over all pods. */
export function stuckPods(snapshot: Snapshot): readonly StuckPod[] {
  return waitingPods(snapshot).flatMap((pod) => {
    const told = snapshot.tables.events
      .by('owner', pod.uid)
      .filter((event) => SANDBOX_REASONS.has(event.reason) && cniWords(event.message) !== undefined)
      .sort((a, b) => b.last - a.last);
    const [event] = told;
    const words = event && cniWords(event.message);
    if (event === undefined || words === undefined) return [];
    return [{ pod, event, words, since: stuckSince(pod, told) }];
  });
}

/** A pod that ran is stuck since it ended: its event may count from an earlier time it was stuck, or have been made anew. */
function stuckSince(pod: PodRow, told: readonly EventRow[]): number {
  const ended = Math.max(0, ...pod.containers.map(({ last }) => last?.finished ?? 0));
  return ended || Math.min(...told.map((one) => one.first)) || pod.scheduled || pod.created;
}

/** By pool, largest first. Pods on nodes without a pool are together under ''. */
export function stuckGroups(snapshot: Snapshot): readonly StuckGroup[] {
  const pools = new Map<string, StuckPod[]>();
  for (const stuck of stuckPods(snapshot)) {
    const pool = snapshot.tables.nodes.named('', stuck.pod.node)?.pool ?? '';
    const group = pools.get(pool);
    if (group) group.push(stuck);
    else pools.set(pool, [stuck]);
  }
  return [...pools].map(([pool, pods]) => groupOf(pool, pods)).sort((a, b) => b.pods.length - a.pods.length);
}

/** Scheduled, without an address, and not on the host's network (that needs none). */
function waitingPods(snapshot: Snapshot): readonly PodRow[] {
  const { pods } = snapshot.tables;
  const statuses = [...pods.counts('status').keys()].filter(
    (status) => WAITING.includes(status) || /^Init:\d+\/\d+$/.test(status),
  );
  return statuses
    .flatMap((status) => pods.by('status', status))
    .filter((pod) => pod.node !== '' && pod.ip === '' && !pod.hostNetwork && pod.deleting === 0);
}

function groupOf(pool: string, pods: readonly StuckPod[]): StuckGroup {
  const nodes = new Map<string, number>();
  const words = new Map<string, { words: CniWords; count: number }>();
  for (const one of pods) {
    nodes.set(one.pod.node, (nodes.get(one.pod.node) ?? 0) + 1);
    words.set(one.words.id, { words: one.words, count: (words.get(one.words.id)?.count ?? 0) + 1 });
  }
  const [most] = [...words.values()].sort((a, b) => b.count - a.count);
  return {
    pool,
    pods,
    nodes: [...nodes]
      .map(([node, count]) => ({ node, pods: count }))
      .sort((a, b) => b.pods - a.pods || (a.node < b.node ? -1 : 1)),
    words: most?.words ?? { id: 'cni', text: 'the CNI fails' },
    since: Math.min(...pods.map((one) => one.since)),
  };
}
