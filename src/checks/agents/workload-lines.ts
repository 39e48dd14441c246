import type { PodRow } from '../../model/objects/pod.ts';
import type { SystemWorkload } from '../../model/system-workload.ts';
import { atMost, sinceText } from '../words.ts';

/** Since when none of its pods is ready, by the pods, else by the workload's own condition; 0 unknown. */
export function downSince({ pods, row }: SystemWorkload): number {
  const known = pods
    .filter(({ deleting }) => deleting === 0)
    .map(({ notReadySince, created }) => notReadySince || created);
  if (known.length > 0) return Math.min(...known);
  return row.conditions.find(({ type, status }) => type === 'Available' && status === 'False')?.since ?? 0;
}

/** What became of each pod, and its last words where it has any. */
export function podLines(pods: readonly PodRow[], now: number): readonly string[] {
  return atMost(
    pods.map((pod) => {
      const failed = pod.containers.find(
        ({ state, exitCode, last }) => (state !== 'running' && exitCode !== 0) || last,
      );
      const words = pod.unscheduled || failed?.last?.message || failed?.message || '';
      const where = pod.node ? ` on ${pod.node}` : '';
      return `Pod ${pod.namespace}/${pod.name}${where}: ${pod.status}${sinceText(pod.notReadySince || pod.created, now)}${words && `: ${words}`}`;
    }),
    4,
    'pod',
  );
}
