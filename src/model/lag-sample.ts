import type { IpcacheEntry } from './agent-says/agent-says.ts';
import type { Snapshot } from './snapshot.ts';

/** What some nodes know of the newest pods: when a pod came is known, when a node heard of it only by asking the node. */
export type LagSample = {
  at: number;
  nodes: readonly NodeSample[];
  /** Pods of the last ten minutes that were looked for. */
  pods: number;
  problem: string;
};

export type NodeSample = {
  node: string;
  known: number;
  missing: number;
  /** Pods it does not know, or knows with another identity, the oldest first; at most 20. */
  unknown: readonly { namespace: string; name: string; ageMs: number }[];
  /** It knows pods that are as young as this: it lags no more than so; −1 = it knows none of these pods. */
  youngestKnownMs: number;
};

const recentMs = 10 * 60_000;

/** Pods with an endpoint that came within the last ten minutes, newest first: those whose way can still be seen. */
export function recentPods({ tables }: Snapshot, now: number): readonly RecentPod[] {
  const found: RecentPod[] = [];
  for (const endpoint of tables.ciliumEndpoints.rows.values()) {
    if (!endpoint.complete || endpoint.created <= 0 || now - endpoint.created > recentMs) continue;
    const { namespace, name, ip, identity, created } = endpoint;
    found.push({ namespace, name, ip, identity, created });
  }
  return found.sort((a, b) => b.created - a.created).slice(0, 2_000);
}

type RecentPod = { namespace: string; name: string; ip: string; identity: number; created: number };

/** How far behind one node is, by its ipcache. */
export function sampleNode(
  pods: readonly RecentPod[],
  node: string,
  ipcache: readonly IpcacheEntry[],
  now: number,
): NodeSample {
  const known = new Map(ipcache.map(({ cidr, identity }) => [cidr.replace(/\/(32|128)$/, ''), identity]));
  const knows = pods.filter(({ ip, identity }) => known.get(ip) === identity);
  const unknown = pods.filter(({ ip, identity }) => known.get(ip) !== identity);
  const age = (created: number) => Math.max(0, now - created);
  return {
    node,
    known: knows.length,
    missing: unknown.length,
    unknown: unknown
      .map(({ namespace, name, created }) => ({ namespace, name, ageMs: age(created) }))
      .sort((a, b) => b.ageMs - a.ageMs)
      .slice(0, 20),
    youngestKnownMs: knows.length === 0 ? -1 : Math.min(...knows.map(({ created }) => age(created))),
  };
}
