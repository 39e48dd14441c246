import { type Agent, agents as agentsOf, isWanted } from './agents.ts';
import { wantsNode } from './daemon-set.ts';
import type { NodeRow } from './objects/node.ts';
import type { PodRow } from './objects/pod.ts';
import type { Snapshot } from './snapshot.ts';
import { type StuckGroup, stuckGroups } from './stuck-pods.ts';

/** One agent pool (node pool) and how it does. */
export type Pool = {
  /** '' = nodes without a pool label. */
  pool: string;
  nodes: number;
  nodesReady: number;
  agents: number;
  agentsReady: number;
  /** Nodes that want Azure CNS and those where it is ready; 0 of 0 where the cluster has none. */
  cns: number;
  cnsReady: number;
  /** Pods that wait for the CNI. */
  stuck: number;
  cordoned: number;
  /** Nodes that join or are on their way out: not ready is what they are meanwhile. */
  moving: number;
  windows: number;
  /** Most frequent first. */
  kubelets: readonly Counted[];
  images: readonly Counted[];
  upgrade: Upgrade;
};

export type Counted = { value: string; count: number };

export type Upgrade = {
  state: 'none' | 'under-way' | 'standing-still';
  /** `kubelet v1.33.2 ×4, v1.34.2 ×2`, `2 cordoned`; '' when none. */
  text: string;
  /** When a node last came, was cordoned or became ready. */
  moved: number;
};

/** An upgrade that moves no node for this long stands still (a node takes minutes, its drain up to half an hour). */
export const upgradePatienceMs = 30 * 60_000;

/** By name. Remembered like agents. */
export function pools(snapshot: Snapshot, now: number): readonly Pool[] {
  const { nodes, pods, daemonSets, events } = snapshot.tables;
  const second = Math.floor(now / 1_000);
  return snapshot.memo.same('pools', [nodes, pods, daemonSets, events], second, () => makePools(snapshot, now));
}

/** The DaemonSet of Azure CNS per node: its pod, or none although it is wanted. Empty on clusters without CNS. */
export type Cns = { node: NodeRow; pod: PodRow | undefined; ready: boolean };

export function cns(snapshot: Snapshot): readonly Cns[] {
  const set = snapshot.tables.daemonSets.named('kube-system', 'azure-cns');
  if (!set) return [];
  const pods = new Map<string, PodRow>();
  for (const pod of snapshot.tables.pods.by('owner', 'DaemonSet/kube-system/azure-cns')) {
    const known = pods.get(pod.node);
    if (known === undefined || known.deleting > 0 || (pod.deleting === 0 && pod.created > known.created))
      pods.set(pod.node, pod);
  }
  return [...snapshot.tables.nodes.rows.values()]
    .filter((node) => wantsNode(set, node))
    .map((node) => ({ node, pod: pods.get(node.name), ready: pods.get(node.name)?.ready ?? false }));
}

function makePools(snapshot: Snapshot, now: number): readonly Pool[] {
  const byPool = new Map<string, NodeRow[]>();
  for (const node of snapshot.tables.nodes.rows.values()) {
    const members = byPool.get(node.pool);
    if (members) members.push(node);
    else byPool.set(node.pool, [node]);
  }
  const agents = Map.groupBy(agentsOf(snapshot, now), (agent) => agent.pool);
  const helpers = Map.groupBy(cns(snapshot), (one) => one.node.pool);
  const stuck = new Map(stuckGroups(snapshot).map((group) => [group.pool, group]));
  return [...byPool]
    .map(([pool, nodes]) => poolOf(pool, nodes, agents.get(pool) ?? [], helpers.get(pool) ?? [], stuck.get(pool), now))
    .sort((a, b) => (a.pool < b.pool ? -1 : 1));
}

/** So long a node may take from its creation until all of its own runs on it. */
const JOINING_MS = 10 * 60_000;

function poolOf(
  pool: string,
  nodes: readonly NodeRow[],
  agents: readonly Agent[],
  helpers: readonly Cns[],
  stuck: StuckGroup | undefined,
  now: number,
): Pool {
  const wanted = agents.filter((agent) => isWanted(agent) && agent.nodeRow !== undefined);
  return {
    pool,
    nodes: nodes.length,
    nodesReady: nodes.filter((node) => node.ready === 'True').length,
    agents: wanted.length,
    agentsReady: wanted.filter((agent) => agent.state === 'ready').length,
    cns: helpers.length,
    cnsReady: helpers.filter((one) => one.ready).length,
    stuck: stuck?.pods.length ?? 0,
    cordoned: nodes.filter((node) => node.unschedulable).length,
    moving: nodes.filter((node) => node.unschedulable || node.deleting > 0 || now - node.created < JOINING_MS).length,
    windows: nodes.filter((node) => node.os === 'windows').length,
    kubelets: counted(nodes.map((node) => node.kubelet)),
    images: counted(nodes.map((node) => node.nodeImage)),
    upgrade: upgradeOf(nodes, now),
  };
}

/**
 * Mixed kubelets or node images in one pool are an upgrade; so is a cordoned node beside one that has just come (a
 * surge node). A cordon alone is somebody's maintenance.
 */
function upgradeOf(nodes: readonly NodeRow[], now: number): Upgrade {
  const kubelets = counted(nodes.map((node) => node.kubelet));
  // Karpenter replaces nodes one by one as they drift: mixed images are how its pools are.
  const uniform = nodes.filter((node) => node.labels['karpenter.sh/nodepool'] === undefined);
  const images = counted(uniform.map((node) => node.nodeImage));
  const cordoned = nodes.filter((node) => node.unschedulable).length;
  const moved = Math.max(0, ...nodes.map(lastMove));
  const surge = cordoned > 0 && nodes.some((node) => now - node.created < upgradePatienceMs);
  const parts = [
    kubelets.length > 1 ? `kubelet ${kubelets.map(countedText).join(', ')}` : '',
    images.length > 1 ? `image ${images.map(countedText).join(', ')}` : '',
    (kubelets.length > 1 || images.length > 1 || surge) && cordoned > 0 ? `${cordoned} cordoned` : '',
  ].filter((part) => part !== '');
  if (parts.length === 0) return { state: 'none', text: '', moved };
  return { state: now - moved > upgradePatienceMs ? 'standing-still' : 'under-way', text: parts.join(', '), moved };
}

function lastMove(node: NodeRow): number {
  const cordon = node.taints.find((taint) => taint.key === 'node.kubernetes.io/unschedulable')?.since ?? 0;
  const ready = node.conditions.find((condition) => condition.type === 'Ready')?.since ?? 0;
  return Math.max(node.created, cordon, ready, node.deleting);
}

function counted(values: readonly string[]): readonly Counted[] {
  const groups = Map.groupBy(
    values.filter((value) => value !== ''),
    (value) => value,
  );
  return [...groups]
    .map(([value, all]) => ({ value, count: all.length }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? 1 : -1));
}

function countedText(one: Counted): string {
  return `${one.value} ×${one.count}`;
}
