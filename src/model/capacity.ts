import { clusterMode } from './cluster-mode.ts';
import type { ClusterSubnetStateRow, NodeNetworkConfigRow } from './objects/others.ts';
import type { Snapshot } from './snapshot.ts';

/** Cilium numbers pods' identities 256…65535 (pkg/identity/numericidentity.go). */
const mostIdentities = 65_280;

export type Slope = {
  /** Growth per hour by the last hour's counts, at most one hour long. */
  perHour: number;
  /** How long the counts span, ms. */
  span: number;
  /** At this growth; undefined where nothing grows. */
  fullInDays: number | undefined;
};

export type Identities = { used: number; most: number; share: number; slope: Slope | undefined };

export function identities(snapshot: Snapshot): Identities {
  const used = snapshot.tables.ciliumIdentities.rows.size;
  const history = snapshot.churn.history.map((point) => ({ at: point.at, count: point.identities }));
  return { used, most: mostIdentities, share: used / mostIdentities, slope: slope(history, mostIdentities) };
}

const HOUR = 3_600_000;
const SHORTEST_SPAN = 10 * 60_000;

/** Least squares over the last hour; undefined for less than ten minutes of counts. */
export function slope(history: readonly { at: number; count: number }[], most: number): Slope | undefined {
  const last = history.at(-1);
  if (last === undefined) return undefined;
  const points = history.filter((point) => last.at - point.at <= HOUR);
  const span = last.at - (points[0]?.at ?? last.at);
  if (span < SHORTEST_SPAN) return undefined;
  const perHour = leastSquares(points.map((point) => ({ x: (point.at - last.at) / HOUR, y: point.count })));
  return { perHour, span, fullInDays: perHour > 0 ? Math.max(0, most - last.count) / perHour / 24 : undefined };
}

/** `full in about 3 days at this hour's growth`; '' where there is no slope or it is more than a year. */
export function slopeText(found: Slope | undefined): string {
  const days = found?.fullInDays;
  if (days === undefined || days > 365) return '';
  const time =
    days < 1 ? `${Math.max(1, Math.round(days * 24))} hours` : days < 2 ? '1 day' : `${Math.floor(days)} days`;
  return `full in about ${time === '1 hours' ? '1 hour' : time} at this hour's growth`;
}

function leastSquares(points: readonly { x: number; y: number }[]): number {
  const meanX = points.reduce((sum, point) => sum + point.x, 0) / points.length;
  const meanY = points.reduce((sum, point) => sum + point.y, 0) / points.length;
  const above = points.reduce((sum, point) => sum + (point.x - meanX) * (point.y - meanY), 0);
  const below = points.reduce((sum, point) => sum + (point.x - meanX) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

/** Pod addresses: what the cluster could hold and where it is full. */
export type Addresses = {
  /** Pods with an address of their own. */
  used: number;
  /** What the nodes have been given so far; 0 where nothing says. */
  capacity: number;
  /** From what capacity is known. */
  source: 'node pods limit' | 'node network configs' | 'pod CIDRs' | 'none';
  /** Nodes with at least nine tenths of what they can hold, fullest first. */
  fullNodes: readonly { node: string; used: number; most: number }[];
  exhaustedSubnets: readonly ClusterSubnetStateRow[];
  /** Nodes whose request for addresses failed, with the reason the network container gives. */
  refused: readonly { config: NodeNetworkConfigRow; reason: string }[];
  /** CiliumNodes whose IPAM reports an error (self-managed). */
  errors: readonly { node: string; error: string }[];
};

const FULL_SHARE = 0.9;

/** O(nodes). */
export function addresses(snapshot: Snapshot): Addresses {
  const { nodes, nodeNetworkConfigs, clusterSubnetStates, ciliumNodes, ciliumEndpoints } = snapshot.tables;
  const perNode = podsPerNode(snapshot);
  const limits = [...nodes.rows.values()].map((node) => ({
    node: node.name,
    used: perNode.get(node.name) ?? 0,
    most: node.maxPods,
  }));
  const refused = [...nodeNetworkConfigs.rows.values()].flatMap((config) => {
    const reason = config.containers.map((one) => one.status).find((status) => /Error|Failed/.test(status));
    return reason || config.status === 'Error' ? [{ config, reason: reason ?? config.status }] : [];
  });
  return {
    used: ciliumEndpoints.rows.size,
    ...capacityOf(snapshot, limits),
    fullNodes: limits
      .filter((one) => one.most > 0 && one.used >= one.most * FULL_SHARE)
      .sort((a, b) => b.used / b.most - a.used / a.most),
    exhaustedSubnets: [...clusterSubnetStates.rows.values()].filter((state) => state.exhausted),
    refused,
    errors: [...ciliumNodes.rows.values()]
      .filter((node) => node.operatorError !== '')
      .map((node) => ({ node: node.name, error: node.operatorError })),
  };
}

/** The kubelet counts every pod that is not over, host network included. */
function podsPerNode(snapshot: Snapshot): ReadonlyMap<string, number> {
  const { pods } = snapshot.tables;
  const counts = new Map(pods.counts('node'));
  for (const status of pods.counts('status').keys()) {
    for (const pod of pods.by('status', status)) {
      const over = pod.phase === 'Succeeded' || pod.phase === 'Failed';
      if (over && pod.node !== '') counts.set(pod.node, (counts.get(pod.node) ?? 0) - 1);
    }
  }
  return counts;
}

function capacityOf(snapshot: Snapshot, limits: readonly { most: number }[]): Pick<Addresses, 'capacity' | 'source'> {
  const configs = [...snapshot.tables.nodeNetworkConfigs.rows.values()];
  const assigned = configs.reduce((sum, config) => sum + config.assigned, 0);
  if (assigned > 0) return { capacity: assigned, source: 'node network configs' };
  const ranges = [...snapshot.tables.ciliumNodes.rows.values()].flatMap((node) => node.podCIDRs);
  if (clusterMode(snapshot).cni === 'byo-cilium' && ranges.length > 0) {
    return { capacity: ranges.reduce((sum, range) => sum + sizeOf(range), 0), source: 'pod CIDRs' };
  }
  const most = limits.reduce((sum, one) => sum + one.most, 0);
  return { capacity: most, source: most > 0 ? 'node pods limit' : 'none' };
}

/** Addresses a pod can have in a range: IPv4 only (IPv6 ranges never fill), less the network, broadcast and router ones. */
function sizeOf(range: string): number {
  const bits = Number(range.split('/')[1]);
  return range.includes(':') || !Number.isInteger(bits) || bits < 8 || bits > 30 ? 0 : 2 ** (32 - bits) - 3;
}
