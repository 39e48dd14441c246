import { loopingContainer } from '../model/looping.ts';
import type { ContainerRow, PodRow } from '../model/objects/pod.ts';

/**
 * How a new pod fails where the old one did, with its last words: `init container mount-bpf-fs ended with 1: "…"`; undefined
 * where it does not, or not yet. Only the same container that crash-loops or an init container that failed again counts: what
 * ended once may still come up.
 */
export function failsAlike(before: PodRow | undefined, after: PodRow, now: number): string | undefined {
  const was = before && failing(before, now);
  const is = failing(after, now);
  if (is === undefined || was?.name !== is.name) return undefined;
  const { exitCode, reason, message } = endOf(is);
  const how = exitCode === 0 ? `ended (${reason})` : `ended with ${exitCode}`;
  return `${is.init ? 'init container' : 'container'} ${is.name} ${how}${message === '' ? '' : `: "${message}"`}`;
}

function failing(pod: PodRow, now: number): ContainerRow | undefined {
  return loopingContainer(pod, now) ?? pod.containers.find((one) => one.init && hasFailed(one));
}

function hasFailed(container: ContainerRow): boolean {
  return container.state !== 'running' && endOf(container).exitCode !== 0;
}

/** What a container that waits says of itself is the kubelet's word: the program's own is at its end. */
function endOf({
  state,
  exitCode,
  reason,
  message,
  last,
}: ContainerRow): Pick<ContainerRow, 'exitCode' | 'reason' | 'message'> {
  if (state === 'terminated') return { exitCode, reason, message };
  return last ?? { exitCode: 0, reason, message: '' };
}
