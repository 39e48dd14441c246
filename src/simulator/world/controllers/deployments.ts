import type { Core } from '../core.ts';
import type { Recorder } from '../events.ts';
import { setCondition } from '../pod-object.ts';
import { templateHash } from '../random.ts';
import { type Deployment, type ReplicaSet, timeOf } from '../shapes.ts';
import { alive, ownerOf, share } from './rollout.ts';

const REVISION = 'deployment.kubernetes.io/revision';

/** A ReplicaSet for each template a Deployment has had; a changed one rolls by maxSurge and maxUnavailable. */
export function runDeployments(core: Core, record: Recorder): void {
  const places = new Map<string, { namespace: string; name: string }>();

  const reconcile = (uid: string) => {
    const at = places.get(uid);
    const deployment = at && core.get<Deployment>('Deployment', at.namespace, at.name);
    if (
      deployment === undefined ||
      deployment.metadata.uid !== uid ||
      deployment.metadata.deletionTimestamp !== undefined
    )
      return;
    const namespace = deployment.metadata.namespace ?? '';
    const sets: ReplicaSet[] = [];
    for (const reference of core.view.dependents(uid)) {
      const set =
        reference.kind === 'ReplicaSet' ? core.get<ReplicaSet>('ReplicaSet', namespace, reference.name) : undefined;
      if (set !== undefined) sets.push(set);
    }
    const hash = templateHash(deployment.spec.template);
    const newest = Math.max(0, ...sets.map(revisionOf));
    let current = sets.find((set) => set.metadata.labels?.['pod-template-hash'] === hash);
    if (current === undefined) {
      if (deployment.spec.paused) return;
      current = core.create(replicaSetObject(deployment, hash, newest + 1, 0, core.now()), 'kube-controller-manager') as
        | ReplicaSet
        | undefined;
      if (current === undefined) return;
      sets.push(current);
    } else if (revisionOf(current) < newest) {
      annotate('ReplicaSet', namespace, current.metadata.name, newest + 1);
    }
    if (deployment.metadata.annotations?.[REVISION] !== String(Math.max(newest, revisionOf(current)))) {
      annotate('Deployment', namespace, deployment.metadata.name, Math.max(newest, revisionOf(current)));
    }
    scale(
      deployment,
      current,
      sets.filter((set) => set !== current),
    );
    report(deployment, current, sets);
  };

  const scale = (deployment: Deployment, current: ReplicaSet, old: ReplicaSet[]) => {
    const wanted = deployment.spec.replicas ?? 1;
    const recreate = deployment.spec.strategy?.type === 'Recreate';
    const rolling = deployment.spec.strategy?.rollingUpdate;
    const surge = recreate ? 0 : share(rolling?.maxSurge, wanted, Math.ceil, '25%');
    let spare = recreate ? wanted : share(rolling?.maxUnavailable, wanted, Math.floor, '25%');
    if (surge === 0 && spare === 0) spare = 1;
    const oldTotal = old.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
    const have = current.spec.replicas ?? 0;
    if (have > wanted) resize(deployment, current, wanted);
    else if (have < wanted && !(recreate && podsOf(old).length > 0)) {
      const room = oldTotal === 0 ? wanted - have : Math.max(0, wanted + surge - have - oldTotal);
      resize(deployment, current, Math.min(wanted, have + room));
    }
    if (oldTotal === 0) return;
    const ready = [...old, current].reduce((sum, set) => sum + readyOf(set), 0);
    const unhealthy = oldTotal - old.reduce((sum, set) => sum + readyOf(set), 0);
    let cut = Math.max(0, ready - (wanted - spare)) + Math.max(0, unhealthy);
    for (const set of old.sort((a, b) => revisionOf(a) - revisionOf(b))) {
      const less = Math.min(cut, set.spec.replicas ?? 0);
      if (less > 0) resize(deployment, set, (set.spec.replicas ?? 0) - less);
      cut -= less;
    }
  };

  const podsOf = (sets: ReplicaSet[]) => sets.flatMap((set) => [...core.view.ownedPods(set.metadata.uid ?? '')]);
  const readyOf = (set: ReplicaSet) =>
    alive(core.view.ownedPods(set.metadata.uid ?? '')).filter((pod) => pod.ready).length;

  const resize = (deployment: Deployment, set: ReplicaSet, replicas: number) => {
    const before = set.spec.replicas ?? 0;
    if (before === replicas) return;
    set.spec.replicas = replicas;
    core.edit<ReplicaSet>(
      'ReplicaSet',
      set.metadata.namespace ?? '',
      set.metadata.name,
      'kube-controller-manager',
      undefined,
      (object) => {
        object.spec.replicas = replicas;
        return undefined;
      },
    );
    const { namespace = '', name, uid = '' } = deployment.metadata;
    record(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name, uid },
      {
        type: 'Normal',
        reason: 'ScalingReplicaSet',
        message: `Scaled ${replicas > before ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${replicas}`,
        component: 'deployment-controller',
      },
    );
  };

  const annotate = (kind: string, namespace: string, name: string, revision: number) =>
    core.edit(kind, namespace, name, 'kube-controller-manager', undefined, (object) => {
      object.metadata.annotations = { ...object.metadata.annotations, [REVISION]: String(revision) };
      return undefined;
    });

  const report = (deployment: Deployment, current: ReplicaSet, sets: ReplicaSet[]) => {
    const wanted = deployment.spec.replicas ?? 1;
    const pods = alive(podsOf(sets));
    const counts = {
      total: pods.length,
      updated: alive(podsOf([current])).length,
      ready: pods.filter((pod) => pod.ready).length,
    };
    core.edit<Deployment>(
      'Deployment',
      deployment.metadata.namespace ?? '',
      deployment.metadata.name,
      'kube-controller-manager',
      'status',
      (object) => {
        const next = deploymentStatus(object, wanted, counts, current.metadata.name, core.now());
        if (JSON.stringify(next) === JSON.stringify(object.status)) return false;
        object.status = next;
        return undefined;
      },
    );
  };

  const ask = core.queue(200, reconcile);
  const later = core.queue(800, reconcile);
  core.listen((event) => {
    const { kind } = event.resource;
    if (kind === 'Deployment') {
      const uid = event.object.metadata.uid ?? '';
      if (event.type === 'DELETED') places.delete(uid);
      else places.set(uid, { namespace: event.object.metadata.namespace ?? '', name: event.object.metadata.name });
      if (event.previous === undefined || event.previous.metadata.generation !== event.object.metadata.generation)
        ask(uid);
    } else if (kind === 'ReplicaSet') {
      const owner = event.object.metadata.ownerReferences?.find((reference) => reference.controller);
      if (owner?.kind === 'Deployment') later(owner.uid);
    }
  });
  for (const one of core.list('Deployment')) {
    places.set(one.metadata.uid ?? '', { namespace: one.metadata.namespace ?? '', name: one.metadata.name });
  }
}

export function replicaSetObject(
  deployment: Deployment,
  hash: string,
  revision: number,
  replicas: number,
  at: number,
): ReplicaSet {
  const { apiVersion, kind, name, uid } = ownerOf(deployment);
  const { template, selector } = deployment.spec;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace: deployment.metadata.namespace ?? '',
      creationTimestamp: timeOf(at),
      labels: { ...template.metadata.labels, 'pod-template-hash': hash },
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas ?? 1),
        [REVISION]: String(revision),
      },
      ownerReferences: [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      replicas,
      selector: { matchLabels: { ...selector.matchLabels, 'pod-template-hash': hash } },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata.labels, 'pod-template-hash': hash } },
      },
    },
    status: { replicas: 0 },
  };
}

export function deploymentStatus(
  deployment: Deployment,
  wanted: number,
  counts: { total: number; updated: number; ready: number },
  replicaSet: string,
  now: number,
): Deployment['status'] {
  const { total, updated, ready } = counts;
  const spare = share(deployment.spec.strategy?.rollingUpdate?.maxUnavailable, wanted, Math.floor, '25%');
  const held = { conditions: (deployment.status?.conditions ?? []).map((one) => ({ ...one })) };
  const enough = ready >= wanted - spare;
  const stamp = { lastUpdateTime: timeOf(now) };
  setUnlessSame(
    held,
    enough
      ? ['Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.']
      : ['Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'],
    stamp,
    now,
  );
  const done = updated === wanted && total === wanted && ready === wanted;
  setUnlessSame(
    held,
    done
      ? ['Progressing', 'True', 'NewReplicaSetAvailable', `ReplicaSet "${replicaSet}" has successfully progressed.`]
      : ['Progressing', 'True', 'ReplicaSetUpdated', `ReplicaSet "${replicaSet}" is progressing.`],
    stamp,
    now,
  );
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...(total > 0 ? { replicas: total } : {}),
    ...(updated > 0 ? { updatedReplicas: updated } : {}),
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    ...(wanted > ready ? { unavailableReplicas: wanted - ready } : {}),
    conditions: held.conditions,
  };
}

function setUnlessSame(
  held: Pick<Deployment['status'], 'conditions'>,
  [type, status, reason, message]: [string, string, string, string],
  stamp: object,
  now: number,
): void {
  const old = held.conditions?.find((one) => one.type === type);
  // A rollout that has ended stays so while pods come and go: only a new template makes it progress again.
  if (
    type === 'Progressing' &&
    old?.reason === 'NewReplicaSetAvailable' &&
    old.message?.includes(message.split('"')[1] ?? '')
  )
    return;
  if (old?.status === status && old.reason === reason && old.message === message) return;
  setCondition(held as { conditions?: [] }, { type, status, reason, message, ...stamp }, now);
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}
