import { writingOperator } from '../../model/metrics.ts';
import type { Check, Suspect } from '../check.ts';
import { systemPod } from '../installation.ts';
import { number } from '../words.ts';

export const sliceSyncFailing: Check = {
  id: 'endpoints/slice-sync-failing',
  title: 'Writes of slices fail',
  why: 'The operator cannot write CiliumEndpointSlices. After fifteen tries it gives a slice up, and its pods stay unknown to other nodes until the operator restarts.',
  severity: 'error',
  needs: ['agentMetrics', 'systemPods'],
  // A conflict with its own last write is tried again within a second.
  graceMs: 60_000,
  look(snapshot): readonly Suspect[] {
    const reading = operatorOf(snapshot);
    return reading !== undefined && (reading.failsPerSecond ?? 0) > 0 ? [{ object: systemPod(reading.pod) }] : [];
  },
  tell(suspects, snapshot) {
    const reading = operatorOf(snapshot);
    const perMinute = (reading?.failsPerSecond ?? 0) * 60;
    return [
      {
        title: `${perMinute >= 1 ? number(perMinute) : 'fewer than 1'} writes of endpoint slices a minute fail`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `operator ${reading?.pod}: ${number(reading?.syncFails ?? 0)} of ${number(reading?.syncs ?? 0)} failed since it started`,
        ],
        reach: 'cluster',
        next: 'Read the operator’s log for "CiliumEndpointSlice" (p, then l): forbidden, throttled and conflict have different cures.',
      },
    ];
  },
};

function operatorOf(snapshot: Parameters<Check['look']>[0]) {
  const { value } = snapshot.facts.agentMetrics ?? {};
  return value && writingOperator(value);
}
