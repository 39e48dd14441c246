import type { AgentReading, DropCount } from '../../model/metrics.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Suspect } from '../check.ts';
import { systemPod } from '../installation.ts';
import { number } from '../words.ts';

/** What an agent drops now, by reason and direction. */
export type DropSuspect = Suspect & { drop: DropCount; reading: AgentReading };

/** Less than this may be one packet that came late, per second. */
const leastPerSecond = 0.2;

export function droppedNow(snapshot: Snapshot, which: (drop: DropCount) => boolean): readonly DropSuspect[] {
  return (snapshot.facts.agentMetrics?.value?.agents ?? []).flatMap((reading) =>
    reading.drops
      .filter((drop) => which(drop) && (drop.perSecond ?? 0) >= leastPerSecond)
      .map((drop) => ({
        object: systemPod(reading.pod),
        node: reading.node,
        key: `${drop.reason} ${drop.direction}`,
        drop,
        reading,
      })),
  );
}

export function sumOf(group: readonly DropSuspect[]): number {
  return group.reduce((sum, { drop }) => sum + (drop.perSecond ?? 0), 0);
}

export function perSecond(rate: number): string {
  return rate >= 10 ? number(rate) : rate.toFixed(1);
}
