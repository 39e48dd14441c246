// What the workload controllers share: revisions, percentages, and pods made from templates.
import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import { newPod, type Owner } from '../pod-object.ts';
import type { Labels, PodTemplate } from '../shapes.ts';
import { timeOf } from '../shapes.ts';
import { keyOf, type PodRecord } from '../view.ts';

/** `25%` of a total, or the number itself. */
export function share(
  value: number | string | undefined,
  total: number,
  round: (value: number) => number,
  otherwise: number | string,
): number {
  const given = value ?? otherwise;
  if (typeof given === 'number') return given;
  return given.endsWith('%') ? round((Number.parseFloat(given) * total) / 100) : Number(given);
}

export function ownerOf(object: KubeObject): Owner {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: object.metadata.name,
    uid: object.metadata.uid ?? '',
  };
}

/** Names the pod as its controller would and writes it. */
export function spawn(
  core: Core,
  object: KubeObject,
  template: PodTemplate,
  labels: Labels,
  name?: string,
  node?: string,
): void {
  const owner = ownerOf(object);
  const pod = newPod(
    owner,
    object.metadata.namespace ?? '',
    name ?? `${owner.name}-${core.random.suffix(5)}`,
    core.random.uid(),
    template,
    labels,
  );
  if (node !== undefined) pin(pod.spec, node);
  core.create(pod, 'kube-controller-manager');
}

/** Asks a pod to end, as the API server does on DELETE: an unscheduled one goes at once. */
export function end(core: Core, pod: PodRecord, manager = 'kube-controller-manager'): void {
  if (pod.deleting) return;
  if (pod.node === '') {
    core.remove('Pod', pod.namespace, pod.name);
    return;
  }
  core.edit('Pod', pod.namespace, pod.name, manager, undefined, (object) => {
    const spec = object['spec'] as { terminationGracePeriodSeconds?: number } | undefined;
    const grace = spec?.terminationGracePeriodSeconds ?? 30;
    object.metadata.deletionTimestamp = timeOf(core.now() + grace * 1000);
    object.metadata.deletionGracePeriodSeconds = grace;
    return undefined;
  });
}

export function revisionObject(
  owner: KubeObject,
  hash: string,
  revision: number,
  template: PodTemplate,
  selector: Labels,
  at: number,
): KubeObject {
  const { apiVersion, kind, name, uid } = ownerOf(owner);
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      namespace: owner.metadata.namespace ?? '',
      creationTimestamp: timeOf(at),
      labels: { ...selector, 'controller-revision-hash': hash },
      ownerReferences: [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }],
    },
    revision,
    data: { spec: { template: { ...template, $patch: 'replace' } } },
  };
}

export type Revision = { hash: string; revision: number };

/** The revision of the template as it is: an old one that is the same again gets the newest number. */
export function currentRevision(
  core: Core,
  owner: KubeObject,
  hash: string,
  template: PodTemplate,
  selector: Labels,
): Revision {
  const namespace = owner.metadata.namespace ?? '';
  let newest = 0;
  let same: KubeObject | undefined;
  for (const reference of core.view.dependents(owner.metadata.uid ?? '')) {
    if (reference.kind !== 'ControllerRevision') continue;
    const object = core.get('ControllerRevision', namespace, reference.name);
    if (object === undefined) continue;
    newest = Math.max(newest, Number(object['revision']));
    if (object.metadata.labels?.['controller-revision-hash'] === hash) same = object;
  }
  if (same === undefined) {
    core.create(revisionObject(owner, hash, newest + 1, template, selector, core.now()), 'kube-controller-manager');
    return { hash, revision: newest + 1 };
  }
  if (Number(same['revision']) < newest) {
    core.edit('ControllerRevision', namespace, same.metadata.name, 'kube-controller-manager', undefined, (object) => {
      object['revision'] = newest + 1;
      return undefined;
    });
  }
  return { hash, revision: Math.max(newest, Number(same['revision'])) };
}

export function alive(pods: Iterable<PodRecord>): PodRecord[] {
  return [...pods].filter((pod) => !pod.deleting && pod.phase !== 'Failed' && pod.phase !== 'Succeeded');
}

/** Least useful first: unscheduled, unready, then the youngest. */
export function expendable(pods: PodRecord[]): PodRecord[] {
  const worth = (pod: PodRecord) => (pod.node === '' ? 0 : pod.ready ? 2 : 1);
  return pods.sort((a, b) => worth(a) - worth(b) || b.created - a.created || (keyOf(a) < keyOf(b) ? -1 : 1));
}

function pin(spec: PodTemplate['spec'], node: string): void {
  const field = { key: 'metadata.name', operator: 'In', values: [node] };
  spec.affinity = {
    ...spec.affinity,
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [field] } as { matchExpressions?: [] }],
      },
    },
  };
}

/** What the controller writes of a workload it has looked at; nothing while nothing is new. */
export function writeStatus<T extends KubeObject & { status?: unknown }>(
  core: Core,
  set: T,
  status: T['status'],
): void {
  if (JSON.stringify(status) === JSON.stringify(set.status)) return;
  const { namespace = '', name } = set.metadata;
  core.edit<T>(set.kind, namespace, name, 'kube-controller-manager', 'status', (object) => {
    object.status = status;
    return undefined;
  });
}
