import type { ContainerRow, PodRow } from './objects/pod.ts';

/**
 * The container of a pod that crash-loops. Between two crashes it waits, runs or is even ready for a moment, and
 * kubectl prints something else each time; it loops all the same, until it has run longer than it did before.
 */
export function loopingContainer(pod: PodRow, now: number): ContainerRow | undefined {
  if (pod.deleting > 0) return undefined;
  return pod.containers.find((container) => isLooping(container, now));
}

/** Since when a pod is broken: not since it last looked well for a moment between two crashes. 0 unknown. */
export function brokenSince(pod: PodRow, now: number): number {
  const said = pod.notReadySince || (pod.ready ? 0 : pod.created);
  const last = loopingContainer(pod, now)?.last;
  if (!last) return said;
  const known = [said, last.started || last.finished].filter((at) => at > 0);
  return known.length === 0 ? 0 : Math.min(...known);
}

/** The kubelet forgets its back-off after a run of ten minutes: a longer run was no turn of a loop. */
const LONG_RUN_MS = 10 * 60_000;
/** The longest back-off, five minutes, and some time to start. */
const RECENT_MS = 6 * 60_000;
/** Ready for so long, and longer than the time before, is recovered. */
const STEADY_MS = 60_000;

function isLooping(container: ContainerRow, now: number): boolean {
  const { state, reason, last } = container;
  if (state === 'waiting' && reason === 'CrashLoopBackOff') return true;
  // The kubelet restarts at once the first time and backs off from the second on.
  if (container.restarts < 2 || last === undefined || last.exitCode === 0) return false;
  const ran = last.started === 0 ? 0 : last.finished - last.started;
  if (ran >= LONG_RUN_MS) return false;
  if (state === 'terminated') return container.exitCode !== 0 && now - container.since < RECENT_MS;
  if (state !== 'running') return false;
  if (!container.ready) return now - last.finished < RECENT_MS;
  return now - (container.since || last.finished) < Math.max(STEADY_MS, ran);
}
