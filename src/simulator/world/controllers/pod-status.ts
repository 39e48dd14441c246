// What the kubelet writes of a pod and its containers.
import type { ContainerFailure } from '../causes.ts';
import { readiness, setCondition, waiting } from '../pod-object.ts';
import { type ContainerStatus, type Ended, type Pod, timeOf } from '../shapes.ts';

/** Milliseconds of back-off after the first crash, doubling to the most. */
const BACK_OFF = 10_000;
const MOST_BACK_OFF = 300_000;

/** What the kubelet says of a pod it has just been given: nothing runs yet. */
export function begin(object: Pod, hostIP: string, now: number): void {
  const { spec, status } = object;
  const init = spec.initContainers ?? [];
  const reason = init.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  status.startTime ??= timeOf(now);
  status.hostIP = hostIP;
  status.hostIPs = [{ ip: hostIP }];
  // The old sandbox is gone, and its address with it.
  delete status.podIP;
  delete status.podIPs;
  if (init.length > 0) {
    status.phase = 'Pending';
    status.initContainerStatuses = init.map((one) => again(status.initContainerStatuses, waiting(one, reason), now));
    const message = `containers with incomplete status: [${init.map((one) => one.name).join(' ')}]`;
    setCondition(status, { type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized', message }, now);
  } else setCondition(status, { type: 'Initialized', status: 'True', lastProbeTime: null }, now);
  status.containerStatuses = spec.containers.map((one) => again(status.containerStatuses, waiting(one, reason), now));
  readiness(object, now);
}

/** A container of a pod whose sandbox is new: the same count and one more, and how it ended. */
function again(statuses: readonly ContainerStatus[] | undefined, fresh: ContainerStatus, now: number): ContainerStatus {
  const old = statuses?.find((status) => status.name === fresh.name);
  if (old === undefined || (old.state.waiting !== undefined && old.restartCount === 0)) return fresh;
  const terminated = old.state.terminated ?? {
    exitCode: 255,
    reason: 'Unknown',
    startedAt: old.state.running?.startedAt ?? timeOf(now),
    finishedAt: timeOf(now),
  };
  return { ...fresh, restartCount: old.restartCount + 1, lastState: { terminated } };
}

export function addressed(pod: Pod, ip: string): void {
  pod.status.podIP = ip;
  pod.status.podIPs = [{ ip }];
}

/** All its containers have done their work and are not started again. */
export function finish(object: Pod, now: number): void {
  const { status } = object;
  status.phase = 'Succeeded';
  for (const one of status.containerStatuses ?? []) {
    const startedAt = one.state.running?.startedAt ?? timeOf(now);
    const ended = { exitCode: 0, reason: 'Completed', startedAt, finishedAt: timeOf(now) };
    one.ready = false;
    one.started = false;
    one.state = {
      terminated: { ...ended, ...(one.containerID === undefined ? {} : { containerID: one.containerID }) },
    };
  }
  for (const type of ['Initialized', 'Ready', 'ContainersReady', 'PodReadyToStartContainers']) {
    const done = type === 'Initialized' ? 'True' : 'False';
    const why = type === 'PodReadyToStartContainers' ? {} : { reason: 'PodCompleted' };
    setCondition(status, { type, status: done, ...why }, now);
  }
}

export function endOf(failure: ContainerFailure, from: number, to: number, id: string): Ended {
  return {
    exitCode: failure.exitCode,
    reason: failure.reason ?? 'Error',
    message: failure.message,
    startedAt: timeOf(from),
    finishedAt: timeOf(to),
    containerID: `containerd://${id}`,
  };
}

export function backOff(crashes: number): number {
  return Math.min(MOST_BACK_OFF, BACK_OFF * 2 ** Math.max(0, crashes - 1));
}

export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** The id of the sandbox that is being tried, the same for every attempt of one pod so that its events are one. */
export function sandboxId(uid: string): string {
  const digits = uid.replaceAll('-', '');
  return (digits + digits).slice(0, 64);
}
