import { agentDaemonSet, ciliumConfig } from './cluster-mode.ts';
import { compareText } from './compare-text.ts';
import { wantsNode } from './daemon-set.ts';
import { brokenSince, loopingContainer } from './looping.ts';
import type { NodeRow } from './objects/node.ts';
import type { WorkloadRow } from './objects/others.ts';
import type { ContainerRow, PodRow } from './objects/pod.ts';
import { type ProbeWords, probeWords } from './probe-words.ts';
import type { Snapshot } from './snapshot.ts';
import { compareVersions, versionOfImage } from './versions.ts';

/** One node and its Cilium agent. `not-wanted`: the DaemonSet does not want this node (Windows, virtual kubelet). */
export type Agent = {
  /** The node's name; of an agent pod whose node is unknown, the name the pod gives. */
  node: string;
  nodeRow: NodeRow | undefined;
  pod: PodRow | undefined;
  state: AgentState;
  /** What kubectl prints, or `no agent pod`. */
  status: string;
  /** The container that keeps it from running, if one does, and which of the init containers it is. */
  failing: Failing | undefined;
  /** Of one that runs without being ready: what the kubelet says of its probe. */
  probe: ProbeWords | undefined;
  restarts: number;
  /** When a container of it last ended; 0 = never. */
  lastRestart: number;
  /** `1.18.6`, '' when the tag is no version; `image` is the whole image of cilium-agent. */
  version: string;
  image: string;
  created: number;
  /** Since when it is as it is: ready, broken, or missing (the node's creation); 0 unknown. */
  since: number;
  /** Cilium's own taint on the node, and since when (0 = the taint has no time). */
  taint: { key: string; effect: string; since: number } | undefined;
  pool: string;
  nodeImage: string;
  kernel: string;
  os: string;
  kubelet: string;
  nodeReady: NodeRow['ready'];
  cordoned: boolean;
  /** Sick first: smaller is sicker. */
  rank: number;
};

export type AgentState =
  | 'crash-looping'
  | 'failing'
  | 'missing'
  | 'pending'
  | 'not-ready'
  | 'starting'
  | 'terminating'
  | 'ready'
  | 'not-wanted';

export type Failing = {
  container: string;
  init: boolean;
  /** CrashLoopBackOff, Error, ImagePullBackOff, CreateContainerError … */
  reason: string;
  /** Its last words: the termination message, else the kubelet's message; '' when there are none. */
  message: string;
  exitCode: number;
  restarts: number;
  /** Has ended before, so that a previous log exists. */
  hasPrevious: boolean;
};

export const agentContainer = 'cilium-agent';

const RANK: Readonly<Record<AgentState, number>> = {
  'crash-looping': 0,
  failing: 1,
  missing: 2,
  pending: 3,
  'not-ready': 4,
  starting: 5,
  terminating: 6,
  ready: 7,
  'not-wanted': 8,
};

/** Grace while the startup probe may still succeed (105 × 2 s) and images are pulled. */
const STARTING_MS = 4 * 60_000;

/** One row per node, sick first, then by pool and name. Remembered for as long as its tables and the second stay the same; events are heard within the second. */
export function agents(snapshot: Snapshot, now: number): readonly Agent[] {
  const { nodes, pods, daemonSets, configMaps } = snapshot.tables;
  const second = Math.floor(now / 1_000);
  return snapshot.memo.same('agents', [nodes, pods, daemonSets, configMaps], second, () => makeAgents(snapshot, now));
}

function makeAgents(snapshot: Snapshot, now: number): readonly Agent[] {
  const set = agentDaemonSet(snapshot);
  const taintKey = ciliumConfig(snapshot)['agent-not-ready-taint-key'] ?? 'node.cilium.io/agent-not-ready';
  const pods = new Map<string, PodRow[]>();
  const versionOf = rememberVersions();
  for (const pod of agentPods(snapshot)) {
    const onNode = pods.get(placeOf(pod));
    if (onNode) onNode.push(pod);
    else pods.set(placeOf(pod), [pod]);
  }
  const rows = [...snapshot.tables.nodes.rows.values()].map((node) => {
    const pod = currentOf(pods.get(node.name) ?? []);
    pods.delete(node.name);
    return agentOf(snapshot, node.name, node, pod, set, taintKey, versionOf, now);
  });
  for (const [name, onNode] of pods)
    rows.push(agentOf(snapshot, name, undefined, currentOf(onNode), set, taintKey, versionOf, now));
  return rows.sort((a, b) => a.rank - b.rank || compareText(a.pool, b.pool) || compareText(a.node, b.node));
}

/** The agents' pods, whichever way they are found; on a cluster without the DaemonSet read yet by their label. */
export function agentPods(snapshot: Snapshot): readonly PodRow[] {
  const { pods } = snapshot.tables;
  const labelled = pods.by('app', 'k8s-app=cilium').filter(isAgentPod);
  return labelled.length > 0 ? labelled : pods.by('owner', 'DaemonSet/kube-system/cilium');
}

/** One of those. The label alone makes no agent: anybody may give it to a pod of their own. */
export function isAgentPod({
  namespace,
  labels,
  ownerKind,
  ownerName,
}: Pick<PodRow, 'namespace' | 'labels' | 'ownerKind' | 'ownerName'>): boolean {
  if (namespace !== 'kube-system') return false;
  return labels['k8s-app'] === 'cilium' || (ownerKind === 'DaemonSet' && ownerName === 'cilium');
}

/** An agent that ought to run here and does not run well. */
export function isSick(agent: Agent): boolean {
  return agent.rank < RANK.starting;
}

/** An agent that ought to run here. */
export function isWanted(agent: Agent): boolean {
  return agent.state !== 'not-wanted';
}

/** An agent that stays and is older than `least`; one whose tag is no version is unknown, not old. Never with '' = no least. */
export function isOlderThan({ version, pod }: Agent, least: string): boolean {
  return least !== '' && version !== '' && pod?.deleting === 0 && compareVersions(version, least) < 0;
}

/** A DaemonSet pod that is still Pending names its node in nothing but its affinity, which we do not keep: it stands for itself. */
function placeOf(pod: PodRow): string {
  return pod.node === '' ? `(pod ${pod.name})` : pod.node;
}

/** While one is replaced there are two: the one that stays counts. */
function currentOf(pods: readonly PodRow[]): PodRow | undefined {
  const staying = pods.filter((pod) => pod.deleting === 0);
  return (staying.length > 0 ? staying : pods).toSorted((a, b) => b.created - a.created)[0];
}

function agentOf(
  snapshot: Snapshot,
  name: string,
  node: NodeRow | undefined,
  pod: PodRow | undefined,
  set: WorkloadRow | undefined,
  taintKey: string,
  versionOf: (image: string) => string,
  now: number,
): Agent {
  const looping = pod && loopingContainer(pod, now);
  const failing = pod && failingOf(pod, looping);
  const state = stateOf(node, pod, looping, failing, set, now);
  const agent = pod?.containers.find((one) => one.name === agentContainer);
  const image = agent?.image ?? '';
  const taint = node?.taints.find((one) => one.key === taintKey);
  return {
    node: name,
    nodeRow: node,
    pod,
    state,
    status: pod?.status ?? (state === 'not-wanted' ? 'not wanted here' : 'no agent pod'),
    failing: state === 'ready' ? undefined : failing,
    probe: pod && state === 'not-ready' ? probeWords(snapshot, pod) : undefined,
    restarts: pod?.restarts ?? 0,
    lastRestart: Math.max(0, ...(pod?.containers.map((one) => one.last?.finished ?? 0) ?? [])),
    version: image === '' ? '' : versionOf(image),
    image,
    created: pod?.created ?? 0,
    since: sinceOf(state, node, pod, now),
    taint: taint && { key: taint.key, effect: taint.effect, since: taint.since },
    pool: node?.pool ?? '',
    nodeImage: node?.nodeImage ?? '',
    kernel: node?.kernel ?? '',
    os: node?.osImage ?? '',
    kubelet: node?.kubelet ?? '',
    nodeReady: node?.ready ?? 'Unknown',
    cordoned: node?.unschedulable ?? false,
    rank: RANK[state],
  };
}

/** Thousands of agents share a handful of images. */
function rememberVersions(): (image: string) => string {
  const known = new Map<string, string>();
  return (image) => {
    const version = known.get(image) ?? versionOfImage(image)?.version ?? '';
    known.set(image, version);
    return version;
  };
}

function stateOf(
  node: NodeRow | undefined,
  pod: PodRow | undefined,
  looping: ContainerRow | undefined,
  failing: Failing | undefined,
  set: WorkloadRow | undefined,
  now: number,
): AgentState {
  if (pod === undefined) return node && (set ? wantsNode(set, node) : node.os !== 'windows') ? 'missing' : 'not-wanted';
  if (pod.deleting > 0) return 'terminating';
  if (looping) return 'crash-looping';
  if (pod.ready) return 'ready';
  if (failing) return 'failing';
  if (pod.node === '') return 'pending';
  return now - pod.created < STARTING_MS ? 'starting' : 'not-ready';
}

/** The first container, init containers first, that failed rather than still starts. */
function failingOf(pod: PodRow, looping: ContainerRow | undefined): Failing | undefined {
  const found = looping ?? pod.containers.find((one) => isFailing(one));
  if (found === undefined) return undefined;
  return {
    container: found.name,
    init: found.init,
    // What a looping container does this very second would read differently every few seconds; how it ends each time says more.
    reason: looping
      ? endedFor(found) === 'OOMKilled'
        ? 'OOMKilled'
        : 'CrashLoopBackOff'
      : found.reason || found.last?.reason || found.state,
    message: wordsOf(found),
    exitCode: found.state === 'terminated' ? found.exitCode : (found.last?.exitCode ?? 0),
    restarts: found.restarts,
    hasPrevious: found.last !== undefined,
  };
}

function endedFor({ state, reason, last }: ContainerRow): string {
  return state === 'terminated' ? reason : (last?.reason ?? '');
}

const STILL_STARTING = new Set(['', 'ContainerCreating', 'PodInitializing']);

function isFailing(container: ContainerRow): boolean {
  if (container.state === 'waiting') return !STILL_STARTING.has(container.reason);
  if (container.state === 'terminated') return container.exitCode !== 0;
  return container.state === 'running' && !container.init && !container.ready && (container.last?.exitCode ?? 0) !== 0;
}

/** What the program said as it died, before what the kubelet says about it. */
function wordsOf(container: ContainerRow): string {
  if (container.state === 'terminated' && container.message !== '') return container.message;
  const last = container.last?.message ?? '';
  return last === '' ? container.message : last;
}

function sinceOf(state: AgentState, node: NodeRow | undefined, pod: PodRow | undefined, now: number): number {
  if (pod === undefined) return state === 'missing' ? (node?.created ?? 0) : 0;
  if (state === 'ready') return pod.readySince;
  if (state === 'terminating') return pod.deleting;
  return brokenSince(pod, now);
}
