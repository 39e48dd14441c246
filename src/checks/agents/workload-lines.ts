import { brokenSince } from '../../model/looping.ts';
import type { WorkloadRow } from '../../model/objects/others.ts';
import type { PodRow } from '../../model/objects/pod.ts';
import type { Edit } from '../../model/objects/row.ts';
import type { SystemWorkload } from '../../model/system-workload.ts';
import { atMost, sinceText, statusText } from '../words.ts';

/** Since when none of its pods is ready, by the pods, else by the workload's own condition; 0 unknown. */
export function downSince({ pods, row }: SystemWorkload, now: number): number {
  const known = pods.filter(({ deleting }) => deleting === 0).map((pod) => brokenSince(pod, now) || pod.created);
  if (known.length > 0) return Math.min(...known);
  return row.conditions.find(({ type, status }) => type === 'Available' && status === 'False')?.since ?? 0;
}

/** When its number of replicas was last written, 0 where nothing says. */
export function scaledAt(row: WorkloadRow): number {
  return lastScale(row)?.at ?? 0;
}

/** Who last wrote its number of replicas: `kubectl scale` by the subresource, everyone else by the field. */
export function lastScale({ edits }: WorkloadRow): Edit | undefined {
  return edits.findLast(
    ({ subresource, fields }) => subresource === 'scale' || (subresource === '' && fields.includes('spec.replicas')),
  );
}

/** The last words the pods left, once where several died of the same, and what became of each pod. */
export function podLines(pods: readonly PodRow[], now: number): readonly string[] {
  const words = Map.groupBy(pods, lastWords);
  return [
    ...[...words]
      .filter(([text]) => text !== '')
      .slice(0, 3)
      .map(([text, all]) => `last words${all.length > 1 ? ` of ${all.length}` : ''}: ${text}`),
    ...atMost(
      pods.map((pod) => {
        const where = pod.node ? ` on ${pod.node}` : '';
        return `Pod ${pod.namespace}/${pod.name}${where}: ${statusText(pod)}${sinceText(brokenSince(pod, now) || pod.created, now)}`;
      }),
      4,
      'pod',
    ),
  ];
}

/** Why nobody takes it, else what its failing container said as it ended. */
export function lastWords(pod: PodRow): string {
  const failed = pod.containers.find(({ state, exitCode, last }) => (state !== 'running' && exitCode !== 0) || last);
  return pod.unscheduled || failed?.last?.message || failed?.message || '';
}
