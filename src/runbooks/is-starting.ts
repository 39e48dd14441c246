import { brokenSince, loopingContainer } from '../model/looping.ts';
import type { PodRow } from '../model/objects/pod.ts';

/** What a pod of a node that joins, or of a rollout, takes from its start to its readiness. */
const startsMs = 2 * 60_000;

/** It is away for a moment only, as it is after a start: nothing is wrong with it yet. */
export function isStarting(pod: PodRow | undefined, now: number): boolean {
  if (pod === undefined || loopingContainer(pod, now) !== undefined) return false;
  return now - (brokenSince(pod, now) || pod.created) < startsMs;
}
