import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import type { Recorder } from '../events.ts';
import { setCondition } from '../pod-object.ts';
import { templateHash } from '../random.ts';
import { type Deployment, type ReplicaSet, timeOf } from '../shapes.ts';
import { type ReplicaSetRecord, readReplicaSet } from './replica-sets.ts';
import { alive, ownerOf, share } from './rollout.ts';

const REVISION = 'deployment.kubernetes.io/revision';

type DeploymentRecord = {
  namespace: string;
  name: string;
  uid: string;
  generation: number;
  replicas: number;
  /** Of the template. */
  hash: string;
  revision: number;
  paused: boolean;
  recreate: boolean;
  rolling: { maxUnavailable?: number | string; maxSurge?: number | string };
  deleting: boolean;
  /** What its status was last written from. */
  reported: string;
};

/** A ReplicaSet for each template a Deployment has had; a changed one rolls by maxSurge and maxUnavailable. */
export function runDeployments(core: Core, record: Recorder): void {
  const { view } = core;
  const deployments = new Map<string, DeploymentRecord>();
  const sets = new Map<string, Map<string, ReplicaSetRecord>>();
  const setsOf = (uid: string) => [...(sets.get(uid)?.values() ?? [])];

  const reconcile = (uid: string) => {
    const deployment = deployments.get(uid);
    if (deployment === undefined || deployment.deleting) return;
    const newest = Math.max(0, ...setsOf(uid).map((set) => set.revision));
    let current = setsOf(uid).find((set) => set.hash === deployment.hash);
    if (current === undefined) {
      if (deployment.paused) return;
      const object = core.get<Deployment>('Deployment', deployment.namespace, deployment.name);
      if (object === undefined) return;
      core.create(replicaSetObject(object, deployment.hash, newest + 1, 0, core.now()), 'kube-controller-manager');
      current = setsOf(uid).find((set) => set.hash === deployment.hash);
      if (current === undefined) return;
    } else if (current.revision < newest) {
      annotate('ReplicaSet', current.namespace, current.name, newest + 1);
      return;
    }
    if (deployment.revision !== current.revision) {
      annotate('Deployment', deployment.namespace, deployment.name, current.revision);
    }
    const old = setsOf(uid).filter((set) => set !== current);
    scale(deployment, current, old);
    report(deployment, current);
  };

  const scale = (deployment: DeploymentRecord, current: ReplicaSetRecord, old: ReplicaSetRecord[]) => {
    const { replicas: wanted, recreate, rolling } = deployment;
    const surge = recreate ? 0 : share(rolling.maxSurge, wanted, Math.ceil, '25%');
    let spare = recreate ? wanted : share(rolling.maxUnavailable, wanted, Math.floor, '25%');
    if (surge === 0 && spare === 0) spare = 1;
    const oldTotal = old.reduce((sum, set) => sum + set.replicas, 0);
    const have = current.replicas;
    if (have > wanted) resize(deployment, current, wanted);
    else if (have < wanted && !(recreate && old.some((set) => view.ownedPods(set.uid).size > 0))) {
      const room = oldTotal === 0 ? wanted - have : Math.max(0, wanted + surge - have - oldTotal);
      resize(deployment, current, Math.min(wanted, have + room));
    }
    if (oldTotal === 0) return;
    const oldReady = old.reduce((sum, set) => sum + readyOf(set), 0);
    let cut = Math.max(0, oldReady + readyOf(current) - (wanted - spare)) + Math.max(0, oldTotal - oldReady);
    for (const set of old.sort((a, b) => a.revision - b.revision)) {
      const less = Math.min(cut, set.replicas);
      if (less > 0) resize(deployment, set, set.replicas - less);
      cut -= less;
    }
  };

  const readyOf = (set: ReplicaSetRecord) => alive(view.ownedPods(set.uid)).filter((pod) => pod.ready).length;

  const resize = (deployment: DeploymentRecord, set: ReplicaSetRecord, replicas: number) => {
    const before = set.replicas;
    if (before === replicas) return;
    core.edit<ReplicaSet>('ReplicaSet', set.namespace, set.name, 'kube-controller-manager', undefined, (object) => {
      object.spec.replicas = replicas;
      return undefined;
    });
    const { namespace, name, uid } = deployment;
    record(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name, uid },
      {
        type: 'Normal',
        reason: 'ScalingReplicaSet',
        message: `Scaled ${replicas > before ? 'up' : 'down'} replica set ${set.name} from ${before} to ${replicas}`,
        component: 'deployment-controller',
      },
    );
  };

  const annotate = (kind: string, namespace: string, name: string, revision: number) =>
    core.edit(kind, namespace, name, 'kube-controller-manager', undefined, (object) => {
      object.metadata.annotations = { ...object.metadata.annotations, [REVISION]: String(revision) };
      return undefined;
    });

  const report = (deployment: DeploymentRecord, current: ReplicaSetRecord) => {
    const pods = setsOf(deployment.uid).flatMap((set) => alive(view.ownedPods(set.uid)));
    const counts = {
      total: pods.length,
      updated: alive(view.ownedPods(current.uid)).length,
      ready: pods.filter((pod) => pod.ready).length,
    };
    const reported = JSON.stringify([counts, deployment.replicas, deployment.generation, current.name]);
    if (deployment.reported === reported) return;
    deployment.reported = reported;
    core.edit<Deployment>(
      'Deployment',
      deployment.namespace,
      deployment.name,
      'kube-controller-manager',
      'status',
      (object) => {
        const next = deploymentStatus(object, deployment.replicas, counts, current.name, core.now());
        if (JSON.stringify(next) === JSON.stringify(object.status)) return false;
        object.status = next;
        return undefined;
      },
    );
  };

  const learn = (object: KubeObject): boolean => {
    const before = deployments.get(object.metadata.uid ?? '');
    const next = readDeployment(object, before);
    deployments.set(next.uid, next);
    return before?.generation !== next.generation;
  };
  const learnSet = (object: KubeObject, gone: boolean): string => {
    const set = readReplicaSet(object);
    const known = sets.get(set.owner) ?? new Map<string, ReplicaSetRecord>();
    if (gone) known.delete(set.uid);
    else known.set(set.uid, set);
    sets.set(set.owner, known);
    return set.owner;
  };

  const ask = core.queue(200, reconcile);
  const later = core.queue(core.brisk ? 3_000 : 1_000, reconcile);
  core.listen((event) => {
    const { kind } = event.resource;
    if (kind === 'Deployment') {
      const uid = event.object.metadata.uid ?? '';
      if (event.type === 'DELETED') {
        deployments.delete(uid);
        sets.delete(uid);
      } else if (learn(event.object)) ask(uid);
    } else if (kind === 'ReplicaSet') {
      const owner = learnSet(event.object, event.type === 'DELETED');
      if (owner !== '') later(owner);
    }
  });
  for (const one of core.list('Deployment')) learn(one);
  for (const one of core.list('ReplicaSet')) learnSet(one, false);
}

function readDeployment(object: KubeObject, before: DeploymentRecord | undefined): DeploymentRecord {
  const { metadata, spec } = object as Deployment;
  const generation = metadata.generation ?? 1;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    generation,
    replicas: spec.replicas ?? 1,
    hash: before?.generation === generation ? before.hash : templateHash(spec.template),
    revision: Number(metadata.annotations?.[REVISION] ?? 0),
    paused: spec.paused === true,
    recreate: spec.strategy?.type === 'Recreate',
    rolling: spec.strategy?.rollingUpdate ?? {},
    deleting: metadata.deletionTimestamp !== undefined,
    reported: before?.reported ?? '',
  };
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
