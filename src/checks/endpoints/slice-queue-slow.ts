import { writingOperator } from '../../model/metrics.ts';
import type { Check, Suspect } from '../check.ts';
import { systemPod } from '../installation.ts';
import { age, number } from '../words.ts';

/** Coalescing takes half a second and the bucket some more; a minute is abnormal (domain §2.2). */
const slowSeconds = 60;

export const sliceQueueSlow: Check = {
  id: 'endpoints/slice-queue-slow',
  title: 'Changes wait long for a slice',
  why: 'The operator itself says that changes of endpoints wait for more than a minute before they are written to a slice. Until then other nodes do not know those pods.',
  severity: 'warning',
  needs: ['agentMetrics', 'systemPods'],
  graceMs: 60_000,
  look(snapshot): readonly Suspect[] {
    const { value } = snapshot.facts.agentMetrics ?? {};
    const reading = value && writingOperator(value);
    return reading !== undefined && (reading.queueP99 ?? 0) >= slowSeconds ? [{ object: systemPod(reading.pod) }] : [];
  },
  tell(suspects, snapshot) {
    const { value } = snapshot.facts.agentMetrics ?? {};
    const reading = value && writingOperator(value);
    const seconds = (value: number | null | undefined) => age((value ?? 0) * 1_000);
    return [
      {
        title: `changes wait ${seconds(reading?.queueP99)} for a slice (1 in 100), half of them ${seconds(reading?.queueP50)}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `operator ${reading?.pod}: ${(reading?.syncsPerSecond ?? 0).toFixed(1)} writes/s, ${number(reading?.syncs ?? 0)} since it started`,
        ],
        reach: 'cluster',
        next: 'Find what makes pods come and go so fast (3, by namespace); ces-rate-limits in cilium-config says how fast it may write.',
      },
    ];
  },
};
