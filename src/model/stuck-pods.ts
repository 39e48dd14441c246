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

/** What a CNI failure means. `text` is short enough for a title. */
export type CniWords = { id: string; text: string };

/** Patterns of domain §5 rows 27–36, the most telling first: messages are wrapped in one another. */
const PATTERNS: readonly { id: string; text: string; match: RegExp }[] = [
  { id: 'subnet-full', text: 'pod subnet full', match: /NCUpdateSubnetFullError|subnet (is )?full/i },
  {
    id: 'no-addresses',
    text: 'no addresses left',
    match:
      /not enough IPs available|range is full|CIDR ranges are exhausted|no IPs currently available|No available IPs?/i,
  },
  {
    id: 'cns',
    text: 'CNS gives no address',
    match:
      /Failed to request IPs? (address )?(from|using)|RequestIP(s|Address)|initialize CNS client|localhost:10090|127\.0\.0\.1:10090|azure-ipam|\bCNS\b/i,
  },
  { id: 'agent-absent', text: 'cilium.sock absent', match: /unable to connect to Cilium (agent|daemon)|cilium\.sock/i },
  {
    id: 'agent-slow',
    text: 'agent does not answer in time',
    match: /Cilium API client timeout exceeded|TooManyRequests/i,
  },
  { id: 'endpoint', text: 'agent refuses the endpoint', match: /unable to create endpoint/i },
  {
    id: 'no-cni',
    text: 'no CNI configuration',
    match: /cni plugin not initialized|cni config uninitialized|no networks found in/i,
  },
  {
    id: 'cni',
    text: 'the CNI fails',
    match: /cilium-cni|plugin type="?[\w-]+"? failed|failed to (set ?up|setup) network|cni/i,
  },
];

/** Which of the CNI's failures a message tells of; undefined when it is not about the network. */
export function cniWords(message: string): CniWords | undefined {
  const found = PATTERNS.find((pattern) => pattern.match.test(message));
  return found && { id: found.id, text: found.text };
}

/** An event in a few words where it tells of a network that a pod does not get: `no sandbox: cilium.sock absent`. */
export function sandboxWords(reason: string, message: string): string | undefined {
  const words = SANDBOX_REASONS.has(reason) ? cniWords(message) : undefined;
  return words && `no sandbox: ${words.text}`;
}

const WAITING = ['ContainerCreating', 'PodInitializing', 'Pending'];
const SANDBOX_REASONS = new Set(['FailedCreatePodSandBox', 'FailedCreatePodSandbox', 'NetworkNotReady']);

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
    return [{ pod, event, words, since: Math.min(...told.map((one) => one.first)) || pod.scheduled || pod.created }];
  });
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
