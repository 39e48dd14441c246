import { loopingContainer } from './looping.ts';
import type { WorkloadRow } from './objects/others.ts';
import type { PodRow } from './objects/pod.ts';
import type { Snapshot } from './snapshot.ts';

/** A Deployment or DaemonSet of kube-system and its pods. */
export type SystemWorkload = {
  kind: 'Deployment' | 'DaemonSet';
  name: string;
  row: WorkloadRow;
  desired: number;
  ready: number;
  /** Its pods by label, those being deleted included, youngest first. */
  pods: readonly PodRow[];
  /** Image of the first container that is no init container. */
  image: string;
};

/** Undefined where kube-system has no such workload (or it has not been read). */
export function systemDeployment(snapshot: Snapshot, name: string, app: string): SystemWorkload | undefined {
  const row = snapshot.tables.deployments.named('kube-system', name);
  return row && workload(snapshot, 'Deployment', row, app);
}

/** Its pods that are ready to stay: one that crash-loops is ready only until it ends again. */
export function steadyReady({ ready, pods }: SystemWorkload, now: number): number {
  const deceptive = pods.filter((pod) => pod.ready && loopingContainer(pod, now) !== undefined);
  return Math.max(0, ready - deceptive.length);
}

function workload(snapshot: Snapshot, kind: SystemWorkload['kind'], row: WorkloadRow, app: string): SystemWorkload {
  const pods = snapshot.tables.pods.by('app', app).filter((pod) => belongs(pod, kind, row.name));
  const last = row.images.at(-1) ?? '';
  return {
    kind,
    name: row.name,
    row,
    desired: row.desired,
    ready: hasStatus(row) ? row.ready : pods.filter((pod) => pod.ready && pod.deleting === 0).length,
    pods: pods.toSorted((a, b) => b.created - a.created),
    image: last.slice(last.indexOf('=') + 1),
  };
}

/** A controller that has not written its counts says nothing about the pods; those are there to be counted. */
function hasStatus({ desired, observedGeneration, current, ready, unavailable, conditions }: WorkloadRow): boolean {
  return desired === 0 || observedGeneration + current + ready + unavailable > 0 || conditions.length > 0;
}

/** A Deployment owns through a ReplicaSet, whose name is its own and a hash. */
function belongs(pod: PodRow, kind: SystemWorkload['kind'], name: string): boolean {
  if (kind === 'DaemonSet') return pod.ownerKind === 'DaemonSet' && pod.ownerName === name;
  return pod.ownerKind === 'ReplicaSet' && pod.ownerName.slice(0, pod.ownerName.lastIndexOf('-')) === name;
}
