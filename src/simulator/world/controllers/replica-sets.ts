import type { Core } from '../core.ts';
import type { Recorder } from '../events.ts';
import type { ReplicaSet } from '../shapes.ts';
import { alive, end, expendable, spawn } from './rollout.ts';

/** Keeps as many pods as each ReplicaSet asks for, and its status. */
export function runReplicaSets(core: Core, record: Recorder): void {
  const { view } = core;
  const places = new Map<string, { namespace: string; name: string }>();
  const read = (uid: string): ReplicaSet | undefined => {
    const at = places.get(uid);
    const set = at && core.get<ReplicaSet>('ReplicaSet', at.namespace, at.name);
    return set?.metadata.uid === uid ? set : undefined;
  };
  const say = (set: ReplicaSet, reason: string, message: string) =>
    record(
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        namespace: set.metadata.namespace ?? '',
        name: set.metadata.name,
        uid: set.metadata.uid ?? '',
      },
      { type: 'Normal', reason, message, component: 'replicaset-controller' },
    );

  const reconcile = (uid: string) => {
    const set = read(uid);
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
    const pods = alive(view.ownedPods(uid));
    const missing = (set.spec.replicas ?? 1) - pods.length;
    for (let i = 0; i < missing; i++) spawn(core, set, set.spec.template, {});
    if (missing > 0)
      say(set, 'SuccessfulCreate', `Created ${missing === 1 ? 'pod' : `${missing} pods`} for ${set.metadata.name}`);
    for (const pod of missing < 0 ? expendable(pods).slice(0, -missing) : []) {
      end(core, pod);
      say(set, 'SuccessfulDelete', `Deleted pod: ${pod.name}`);
    }
  };

  const report = (uid: string) => {
    const set = read(uid);
    if (set === undefined) return;
    const pods = alive(view.ownedPods(uid));
    const ready = pods.filter((pod) => pod.ready).length;
    const status = {
      replicas: pods.length,
      ...(pods.length > 0 ? { fullyLabeledReplicas: pods.length } : {}),
      ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
      observedGeneration: set.metadata.generation ?? 1,
    };
    if (JSON.stringify(status) === JSON.stringify(set.status)) return;
    core.edit<ReplicaSet>(
      'ReplicaSet',
      set.metadata.namespace ?? '',
      set.metadata.name,
      'kube-controller-manager',
      'status',
      (object) => {
        object.status = status;
        return undefined;
      },
    );
  };

  const ask = core.queue(100, reconcile);
  const tell = core.queue(600, report);
  core.listen((event, pod) => {
    if (event.resource.kind === 'ReplicaSet') {
      const uid = event.object.metadata.uid ?? '';
      if (event.type === 'DELETED') places.delete(uid);
      else places.set(uid, { namespace: event.object.metadata.namespace ?? '', name: event.object.metadata.name });
      // Its own status comes back as an event too: only a new spec asks for work.
      if (event.previous === undefined || event.previous.metadata.generation !== event.object.metadata.generation) {
        ask(uid);
        tell(uid);
      }
    } else if (pod !== undefined && pod.ownerKind === 'ReplicaSet') {
      if (event.type === 'DELETED' || pod.deleting) ask(pod.ownerUid);
      tell(pod.ownerUid);
    }
  });
  for (const set of core.list('ReplicaSet')) {
    places.set(set.metadata.uid ?? '', { namespace: set.metadata.namespace ?? '', name: set.metadata.name });
  }
}
