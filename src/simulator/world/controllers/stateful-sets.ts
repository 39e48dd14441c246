import type { Core } from '../core.ts';
import { templateHash } from '../random.ts';
import type { StatefulSet } from '../shapes.ts';
import { alive, currentRevision, end, spawn, writeStatus } from './rollout.ts';

/** Pods 0 to n−1 in order, one at a time; a changed template rolls from the highest down. */
export function runStatefulSets(core: Core): void {
  const places = new Map<string, { namespace: string; name: string }>();

  const reconcile = (uid: string) => {
    const at = places.get(uid);
    const set = at && core.get<StatefulSet>('StatefulSet', at.namespace, at.name);
    if (set === undefined || set.metadata.uid !== uid || set.metadata.deletionTimestamp !== undefined) return;
    const hash = templateHash(set.spec.template);
    currentRevision(core, set, hash, set.spec.template, set.spec.selector.matchLabels ?? {});
    const revision = `${set.metadata.name}-${hash}`;
    const wanted = set.spec.replicas ?? 1;
    const every = [...core.view.ownedPods(uid)];
    const byOrdinal = new Map(every.map((pod) => [Number(pod.name.slice(set.metadata.name.length + 1)), pod]));
    const pods = alive(every);
    const parallel = set.spec.podManagementPolicy === 'Parallel';
    for (let ordinal = 0; ordinal < wanted; ordinal++) {
      const pod = byOrdinal.get(ordinal);
      if (pod === undefined) {
        const name = `${set.metadata.name}-${ordinal}`;
        const labels = {
          'apps.kubernetes.io/pod-index': String(ordinal),
          'controller-revision-hash': revision,
          'statefulset.kubernetes.io/pod-name': name,
        };
        spawn(core, set, set.spec.template, labels, name);
      }
      if (!parallel && pod?.ready !== true) break;
    }
    const surplus = [...byOrdinal]
      .filter(([ordinal, pod]) => ordinal >= wanted && !pod.deleting)
      .sort(([a], [b]) => b - a);
    if (surplus[0] !== undefined) end(core, surplus[0][1]);
    const outdated = [...byOrdinal]
      .filter(([ordinal, pod]) => ordinal < wanted && pod.set.labels['controller-revision-hash'] !== revision)
      .sort(([a], [b]) => b - a)[0];
    if (outdated !== undefined && pods.length === wanted && pods.every((pod) => pod.ready)) end(core, outdated[1]);
    report(set, revision, pods);
  };

  const report = (set: StatefulSet, revision: string, pods: ReturnType<typeof alive>) => {
    const ready = pods.filter((pod) => pod.ready).length;
    const updated = pods.filter((pod) => pod.set.labels['controller-revision-hash'] === revision).length;
    const before = pods.find((pod) => pod.set.labels['controller-revision-hash'] !== revision)?.set.labels[
      'controller-revision-hash'
    ];
    const status = {
      observedGeneration: set.metadata.generation ?? 1,
      replicas: pods.length,
      readyReplicas: ready,
      availableReplicas: ready,
      currentReplicas: before === undefined ? updated : pods.length - updated,
      updatedReplicas: updated,
      currentRevision: before ?? revision,
      updateRevision: revision,
      collisionCount: 0,
    };
    writeStatus(core, set, status);
  };

  const ask = core.queue(200, reconcile);
  core.listen((event, pod) => {
    if (event.resource.kind === 'StatefulSet') {
      const uid = event.object.metadata.uid ?? '';
      if (event.type === 'DELETED') places.delete(uid);
      else places.set(uid, { namespace: event.object.metadata.namespace ?? '', name: event.object.metadata.name });
      ask(uid);
    } else if (pod?.ownerKind === 'StatefulSet') ask(pod.ownerUid);
  });
  for (const one of core.list('StatefulSet')) {
    places.set(one.metadata.uid ?? '', { namespace: one.metadata.namespace ?? '', name: one.metadata.name });
  }
}
