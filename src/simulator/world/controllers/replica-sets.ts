import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import type { Recorder } from '../events.ts';
import type { ReplicaSet } from '../shapes.ts';
import { alive, end, expendable, spawn } from './rollout.ts';

/** What the controllers keep of a ReplicaSet: its template is read when pods are made from it. */
export type ReplicaSetRecord = {
  namespace: string;
  name: string;
  uid: string;
  owner: string;
  replicas: number;
  generation: number;
  hash: string;
  revision: number;
  status: string;
  deleting: boolean;
};

export function readReplicaSet(object: KubeObject): ReplicaSetRecord {
  const { metadata, spec, status } = object as ReplicaSet;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    owner: metadata.ownerReferences?.find((reference) => reference.controller)?.uid ?? '',
    replicas: spec.replicas ?? 1,
    generation: metadata.generation ?? 1,
    hash: metadata.labels?.['pod-template-hash'] ?? '',
    revision: Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0),
    status: JSON.stringify(status),
    deleting: metadata.deletionTimestamp !== undefined,
  };
}

/** Keeps as many pods as each ReplicaSet asks for, and its status. */
export function runReplicaSets(core: Core, record: Recorder): void {
  const { view } = core;
  const sets = new Map<string, ReplicaSetRecord>();
  const say = ({ namespace, name, uid }: ReplicaSetRecord, reason: string, message: string) =>
    record(
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, name, uid },
      { type: 'Normal', reason, message, component: 'replicaset-controller' },
    );

  const reconcile = (uid: string) => {
    const set = sets.get(uid);
    if (set === undefined || set.deleting) return;
    const pods = alive(view.ownedPods(uid));
    const missing = set.replicas - pods.length;
    if (missing > 0) grow(set, missing);
    for (const pod of missing < 0 ? expendable(pods).slice(0, -missing) : []) {
      end(core, pod);
      say(set, 'SuccessfulDelete', `Deleted pod: ${pod.name}`);
    }
  };

  const grow = (set: ReplicaSetRecord, missing: number) => {
    const object = core.get<ReplicaSet>('ReplicaSet', set.namespace, set.name);
    if (object === undefined) return;
    for (let i = 0; i < missing; i++) spawn(core, object, object.spec.template, {});
    say(set, 'SuccessfulCreate', `Created ${missing === 1 ? 'pod' : `${missing} pods`} for ${set.name}`);
  };

  const report = (uid: string) => {
    const set = sets.get(uid);
    if (set === undefined) return;
    const pods = alive(view.ownedPods(uid));
    const ready = pods.filter((pod) => pod.ready).length;
    const status = {
      replicas: pods.length,
      ...(pods.length > 0 ? { fullyLabeledReplicas: pods.length } : {}),
      ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
      observedGeneration: set.generation,
    };
    if (JSON.stringify(status) === set.status) return;
    core.edit<ReplicaSet>('ReplicaSet', set.namespace, set.name, 'kube-controller-manager', 'status', (object) => {
      object.status = status;
      return undefined;
    });
  };

  const ask = core.queue(100, reconcile);
  const tell = core.queue(core.brisk ? 3_000 : 900, report);
  core.listen((event, pod) => {
    if (event.resource.kind === 'ReplicaSet') {
      const next = readReplicaSet(event.object);
      const before = sets.get(next.uid);
      if (event.type === 'DELETED') sets.delete(next.uid);
      else sets.set(next.uid, next);
      // Its own status comes back as an event too: only a new spec asks for work.
      if (before?.generation === next.generation) return;
      ask(next.uid);
      tell(next.uid);
    } else if (pod !== undefined && pod.ownerKind === 'ReplicaSet') {
      if (event.type === 'DELETED' || pod.deleting) ask(pod.ownerUid);
      tell(pod.ownerUid);
    }
  });
  for (const set of core.list('ReplicaSet')) sets.set(set.metadata.uid ?? '', readReplicaSet(set));
}
