import type { RequestEntry } from '../api/intercept.ts';
import type { Activity } from '../azure/arm/activity-log.ts';
import type { LiveSettings } from '../azure/azure-settings.ts';
import type { Scene } from '../voices/scene.ts';
import { getOf } from '../voices/scene.ts';
import { type Endpoint, type Pod, timeOf } from '../voices/shapes.ts';
import type { Journal } from '../world/journal.ts';
import type { View } from '../world/view.ts';

/** What whoever writes rows may look at. */
export type Observed = {
  scene: Scene;
  view: View;
  journal: Journal;
  /** What the API server has been asked. */
  requests(): readonly RequestEntry[];
  /** What was done through ARM. */
  activities(): readonly Activity[];
  settings: LiveSettings;
};

/** Pods that rows are written about, at most: a very large cluster is told of in part. */
const mostPods = 1_500;

/** An endpoint with the pod it belongs to. */
export type Seen = {
  endpoint: Endpoint;
  identity: number;
  node: string;
  namespace: string;
  pod: string;
  workload: { kind: string; name: string };
  since: number;
  /** Since when it answers; Infinity: it does not. */
  answersSince: number;
  /** Infinity: it is still there. */
  until: number;
};

export function seenEndpoints({ scene, view }: Observed): Seen[] {
  const seen: Seen[] = [];
  for (const node of view.nodes.values()) {
    if (seen.length >= mostPods) break;
    for (const record of node.pods) {
      const { namespace, name, hostNetwork, ownerKind, created, readySince } = record;
      if (hostNetwork) continue;
      const endpoint = getOf<Endpoint>(scene, 'CiliumEndpoint', namespace, name);
      const identity = endpoint?.status?.identity?.id;
      if (endpoint === undefined || identity === undefined) continue;
      const since = Math.max(created, timeOf(endpoint.metadata.creationTimestamp));
      const answersSince = readySince === 0 ? Number.POSITIVE_INFINITY : readySince;
      const workload = workloadOf(name, ownerKind);
      const until = Number.POSITIVE_INFINITY;
      seen.push({ endpoint, identity, node: node.name, namespace, pod: name, workload, since, answersSince, until });
    }
  }
  return seen;
}

/** Those that have left the network since `from`: nobody may have asked while they were there. */
export function leftEndpoints({ journal }: Observed, from: number): Seen[] {
  return journal.left.flatMap(({ at, endpoint: object, node, ownerKind, readySince }): Seen[] => {
    const endpoint = object as Endpoint;
    const identity = endpoint.status?.identity?.id;
    if (at <= from || identity === undefined) return [];
    const { namespace = '', name: pod, creationTimestamp } = endpoint.metadata;
    const answersSince = readySince === 0 ? Number.POSITIVE_INFINITY : readySince;
    const workload = workloadOf(pod, ownerKind);
    const since = timeOf(creationTimestamp);
    return [{ endpoint, identity, node, namespace, pod, workload, since, answersSince, until: at }];
  });
}

export function seenPods({ scene, view }: Observed): Pod[] {
  const pods: Pod[] = [];
  for (const { namespace, name, node } of view.pods.values()) {
    if (pods.length >= mostPods) break;
    const pod = node === '' ? undefined : getOf<Pod>(scene, 'Pod', namespace, name);
    if (pod !== undefined) pods.push(pod);
  }
  return pods;
}

/** Since when the condition Ready of a node or a pod is what it is; 0 where it has none. */
export function unreadySince(object: { status?: unknown } | undefined): number {
  const { conditions = [] } = (object?.status ?? {}) as {
    conditions?: { type: string; lastTransitionTime?: string }[];
  };
  return timeOf(conditions.find(({ type }) => type === 'Ready')?.lastTransitionTime);
}

/** Until when the agent of a node has told of flows: while it is not ready it tells of none. */
export function toldUntil({ scene, view }: Observed, node: string): number {
  for (const { name, namespace, ready, set } of view.nodes.get(node)?.pods ?? []) {
    if (namespace !== 'kube-system' || set.labels['k8s-app'] !== 'cilium' || ready) continue;
    return unreadySince(getOf<Pod>(scene, 'Pod', namespace, name));
  }
  return Number.POSITIVE_INFINITY;
}

/** Who made the pod in the end, told by its name: `web-5d4f8c-x2x9k` is one of Deployment web. */
export function workloadOf(pod: string, ownerKind: string): { kind: string; name: string } {
  const parts = pod.split('-');
  if (ownerKind === 'ReplicaSet') return { kind: 'Deployment', name: parts.slice(0, -2).join('-') };
  if (ownerKind === '') return { kind: 'Pod', name: pod };
  return { kind: ownerKind, name: parts.slice(0, -1).join('-') };
}
