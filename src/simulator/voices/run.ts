import type { ContainerState, Pod } from './shapes.ts';
import { timeOf } from './shapes.ts';

/** One life of a container: from its start to its end, if it has ended. */
export type Run = {
  container: string;
  init: boolean;
  image: string;
  started: number;
  ended?: { at: number; exitCode: number; reason: string; words: string };
};

/**
 * The run whose log the kubelet would read: the present one, or while the container waits to be started again its last
 * one; with `previous` the one before. Undefined where there was none.
 */
export function runOf(pod: Pod, container: string, previous: boolean): Run | undefined {
  const inits = pod.status?.initContainerStatuses ?? [];
  const init = inits.some((status) => status.name === container);
  const status = [...inits, ...(pod.status?.containerStatuses ?? [])].find((each) => each.name === container);
  if (status === undefined) return undefined;
  const state = previous || status.state?.waiting !== undefined ? status.lastState : (status.state ?? {});
  const times = runTimes(state);
  if (times === undefined) return undefined;
  const specs = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const image = specs.find((spec) => spec.name === container)?.image ?? status.image ?? '';
  return { container, init, image, ...times };
}

/** True while the container runs, so that a command can be run in it. */
export function isRunning(pod: Pod, container: string): boolean {
  const all = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return all.find((status) => status.name === container)?.state?.running !== undefined;
}

function runTimes(state: ContainerState | undefined): Pick<Run, 'started' | 'ended'> | undefined {
  if (state?.running !== undefined) return { started: timeOf(state.running.startedAt) };
  const end = state?.terminated;
  if (end === undefined) return undefined;
  const at = timeOf(end.finishedAt);
  const ended = { at, exitCode: end.exitCode ?? 0, reason: end.reason ?? '', words: end.message ?? '' };
  return { started: timeOf(end.startedAt) || at, ended };
}
