import { count, flag, list, record, text } from './raw.ts';
import type { RawObject } from './row.ts';

export type PrintedPod = { status: string; ready: number; containers: number; restarts: number };

/**
 * READY, STATUS and RESTARTS as `kubectl get pods` prints them: the rules of the API server's printPod
 * (kubernetes/pkg/printers/internalversion, 1.34), in its order, because each later rule overrides the earlier.
 */
export function printPod(raw: RawObject): PrintedPod {
  const metadata = record(raw.metadata);
  const spec = record(raw.spec);
  const status = record(raw.status);
  const conditions = list(status.conditions, 100).map(record);
  const phase = text(status.phase);
  const printed: PrintedPod = {
    status: text(status.reason) || phase || 'Unknown',
    ready: 0,
    containers: list(spec.containers).length + sidecars(spec).size,
    restarts: 0,
  };
  if (conditions.some((one) => one.type === 'PodScheduled' && one.reason === 'SchedulingGated')) {
    printed.status = 'SchedulingGated';
  }
  const sidecarRestarts = printInit(spec, status, printed);
  if (sidecarRestarts.done || isTrue(conditions, 'Initialized')) {
    printed.restarts = sidecarRestarts.count;
    printMain(status, conditions, printed);
  }
  const ended = phase === 'Succeeded' || phase === 'Failed';
  if (metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') printed.status = 'Unknown';
    else if (!ended) printed.status = 'Terminating';
  }
  return printed;
}

/** Names of init containers that keep running (restartPolicy Always): they count as containers. */
function sidecars(spec: RawObject): Set<unknown> {
  const always = list(spec.initContainers)
    .map(record)
    .filter((one) => one.restartPolicy === 'Always');
  return new Set(always.map((one) => one.name));
}

/** The first init container that is not done decides. */
function printInit(spec: RawObject, status: RawObject, printed: PrintedPod): { done: boolean; count: number } {
  const restartable = sidecars(spec);
  const total = list(spec.initContainers).length;
  let sidecarRestarts = 0;
  for (const [index, one] of list(status.initContainerStatuses).entries()) {
    const container = record(one);
    const { waiting, terminated } = stateOf(container);
    const isSidecar = restartable.has(container.name);
    printed.restarts += count(container.restartCount);
    if (isSidecar) sidecarRestarts += count(container.restartCount);
    if (terminated && count(terminated.exitCode) === 0) continue;
    if (isSidecar && flag(container.started)) {
      if (flag(container.ready)) printed.ready++;
      continue;
    }
    const reason = waiting ? text(waiting.reason) : '';
    if (terminated) printed.status = `Init:${endedHow(terminated)}`;
    else if (reason !== '' && reason !== 'PodInitializing') printed.status = `Init:${reason}`;
    else printed.status = `Init:${index}/${total}`;
    return { done: false, count: sidecarRestarts };
  }
  return { done: true, count: sidecarRestarts };
}

function printMain(status: RawObject, conditions: readonly RawObject[], printed: PrintedPod): void {
  let running = false;
  for (const one of list(status.containerStatuses).toReversed()) {
    const container = record(one);
    const { waiting, terminated, isRunning } = stateOf(container);
    printed.restarts += count(container.restartCount);
    const reason = waiting ? text(waiting.reason) : '';
    if (reason !== '') printed.status = reason;
    else if (terminated) printed.status = endedHow(terminated);
    else if (flag(container.ready) && isRunning) {
      running = true;
      printed.ready++;
    }
  }
  if (printed.status === 'Completed' && running) printed.status = isTrue(conditions, 'Ready') ? 'Running' : 'NotReady';
}

function endedHow(terminated: RawObject): string {
  const reason = text(terminated.reason);
  if (reason !== '') return reason;
  const signal = count(terminated.signal);
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${count(terminated.exitCode)}`;
}

function stateOf(container: RawObject): { waiting?: RawObject; terminated?: RawObject; isRunning: boolean } {
  const state = record(container.state);
  return {
    ...(state.waiting ? { waiting: record(state.waiting) } : {}),
    ...(state.terminated ? { terminated: record(state.terminated) } : {}),
    isRunning: Boolean(state.running),
  };
}

function isTrue(conditions: readonly RawObject[], type: string): boolean {
  return conditions.some((one) => one.type === type && one.status === 'True');
}
