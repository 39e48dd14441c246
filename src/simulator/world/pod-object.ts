// Pods as objects: made from a template by their controller, given a status by the kubelet.
import { ownership } from './ownership.ts';
import {
  type Condition,
  type Container,
  type ContainerStatus,
  type Pod,
  type PodSpec,
  type PodStatus,
  type PodTemplate,
  timeOf,
} from './shapes.ts';

export type Owner = { apiVersion: string; kind: string; name: string; uid: string };

export function newPod(
  owner: Owner,
  namespace: string,
  name: string,
  uid: string,
  template: PodTemplate,
  labels: Record<string, string>,
): Pod {
  const { tolerations = [], ...spec } = template.spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(owner.kind === 'StatefulSet' ? {} : { generateName: `${owner.name}-` }),
      namespace,
      uid,
      labels: { ...template.metadata.labels, ...labels },
      ...(template.metadata.annotations === undefined ? {} : { annotations: { ...template.metadata.annotations } }),
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      ...spec,
      serviceAccountName: spec.serviceAccountName ?? 'default',
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
      tolerations: [...tolerations, ...defaultTolerations(owner.kind)],
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
}

/** What admission gives every pod, and the DaemonSet controller its own. */
function defaultTolerations(kind: string): NonNullable<PodSpec['tolerations']> {
  if (kind !== 'DaemonSet') {
    return ['not-ready', 'unreachable'].map((key) => ({
      key: `node.kubernetes.io/${key}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    }));
  }
  return [
    { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
    { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
    { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' },
  ];
}

export function setCondition(status: { conditions?: Condition[] }, condition: Condition, at: number): boolean {
  const conditions = status.conditions ?? [];
  status.conditions = conditions;
  const old = conditions.find((one) => one.type === condition.type);
  if (old?.status === condition.status && old.reason === condition.reason && old.message === condition.message)
    return false;
  const lastTransitionTime = old?.status === condition.status ? (old.lastTransitionTime ?? timeOf(at)) : timeOf(at);
  const next = { ...condition, lastTransitionTime };
  if (old === undefined) conditions.push(next);
  else conditions.splice(conditions.indexOf(old), 1, next);
  return true;
}

/** The conditions a pod's state amounts to. `why` names the containers that are not ready. */
export function readiness(pod: Pod, at: number): void {
  const unready = (pod.status.containerStatuses ?? []).filter((status) => !status.ready).map((status) => status.name);
  const all = pod.status.containerStatuses !== undefined && unready.length === 0;
  const gate = all
    ? {}
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  for (const type of ['Ready', 'ContainersReady']) {
    setCondition(pod.status, { type, status: all ? 'True' : 'False', ...gate }, at);
  }
}

export function waiting(container: Container, reason: string, message?: string): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
    lastState: {},
  };
}

export function running(container: Container, at: number, id: string, ready: boolean): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: imageId(container.image),
    containerID: `containerd://${id}`,
    ready,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: timeOf(at) } },
    lastState: {},
  };
}

export function completed(container: Container, from: number, to: number, id: string): ContainerStatus {
  const ended = {
    exitCode: 0,
    reason: 'Completed',
    startedAt: timeOf(from),
    finishedAt: timeOf(to),
    containerID: `containerd://${id}`,
  };
  return { ...running(container, from, id, true), started: false, state: { terminated: ended } };
}

/** Milliseconds from a settled pod's creation until it was ready. */
export const READY_AFTER = 5_000;

/** A pod that has been running since long before anybody looked. */
export function settle(
  pod: Pod,
  node: { name: string; ip: string },
  ip: string,
  born: number,
  hex: (length: number) => string,
): void {
  const up = born + READY_AFTER - 2_000;
  const { spec } = pod;
  const condition = (type: string, at: number): Condition => ({
    type,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timeOf(at),
  });
  spec.nodeName = node.name;
  pod.metadata.creationTimestamp = timeOf(born);
  const init = (spec.initContainers ?? []).map((one, i) =>
    completed(one, born + 1_000 + i * 300, born + 1_200 + i * 300, hex(64)),
  );
  const status: PodStatus = {
    phase: 'Running',
    conditions: [
      condition('PodReadyToStartContainers', born + 1_000),
      condition('Initialized', up),
      condition('Ready', up + 2_000),
      condition('ContainersReady', up + 2_000),
      condition('PodScheduled', born),
    ],
    hostIP: node.ip,
    hostIPs: [{ ip: node.ip }],
    podIP: ip,
    podIPs: [{ ip }],
    startTime: timeOf(born),
    qosClass: 'Burstable',
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: spec.containers.map((one) => running(one, up, hex(64), true)),
  };
  pod.status = status;
  pod.metadata.managedFields = ownership(pod, 'kube-controller-manager', undefined, born) ?? [];
  pod.metadata.managedFields = ownership(pod, 'kubelet', 'status', up + 2_000) ?? [];
}

/** A digest that follows from the name, as one image has one. */
function imageId(image: string): string {
  return `${image.replace(/:[^:/]*$/, '')}@sha256:${digest(image)}`;
}

/** 64 hexadecimal digits that follow from a text. */
export function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  let out = '';
  for (let i = 0; i < 8; i++) {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d + i) >>> 0;
    out += hash.toString(16).padStart(8, '0');
  }
  return out;
}
