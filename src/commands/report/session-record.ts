import { dropsOfCluster } from '../../model/metrics.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** What was measured while somebody watched, one sample every few seconds: what the charts of a report are drawn from. */
export type Sample = {
  at: number;
  /** Drops per second by reason; undefined where no rate is known. */
  drops: ReadonlyMap<string, number> | undefined;
  /** From endpoint to slice, ms; null = nothing was written lately. */
  lagP50: number | null;
  lagP99: number | null;
  /** Endpoints that no slice holds yet. */
  waiting: number;
  endpointChanges: number | null;
  sliceChanges: number | null;
  findings: { error: number; warning: number };
};

export type SessionRecord = {
  /** Takes a sample where it is time for one. Costs next to nothing otherwise. */
  look(snapshot: Snapshot, now: number): void;
  /** Oldest first. */
  samples(): readonly Sample[];
};

const everyMs = 5_000;
/** Three hours; older ones make room. */
const most = 2_160;

export function createSessionRecord(): SessionRecord {
  let samples: Sample[] = [];
  let epoch = -1;
  return {
    look(snapshot, now) {
      if (snapshot.epoch !== epoch) samples = [];
      epoch = snapshot.epoch;
      const last = samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
      // A clock set back begins anew: a line that runs backwards says nothing.
      if (now < last) samples = [];
      else if (now - last < everyMs) return;
      samples.push(sampleOf(snapshot, now));
      if (samples.length > most) samples.shift();
    },
    samples: () => samples,
  };
}

function sampleOf({ churn, facts, judgement }: Snapshot, at: number): Sample {
  const metrics = facts.agentMetrics?.value;
  const drops = metrics === undefined ? [] : dropsOfCluster(metrics);
  const { count, p50, p99 } = churn.endpointToSlice;
  const of = (severity: string) => judgement.findings.filter((finding) => finding.severity === severity).length;
  return {
    at,
    drops: drops.some(({ perSecond }) => perSecond !== null) ? byReason(drops) : undefined,
    lagP50: count === 0 ? null : p50,
    lagP99: count === 0 ? null : p99,
    waiting: churn.waiting,
    endpointChanges: mean(churn.perSecond.slice(-everyMs / 1_000)),
    sliceChanges: mean(churn.slicesPerSecond.slice(-everyMs / 1_000)),
    findings: { error: of('error'), warning: of('warning') },
  };
}

function byReason(drops: ReturnType<typeof dropsOfCluster>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { reason, perSecond } of drops) sums.set(reason, (sums.get(reason) ?? 0) + (perSecond ?? 0));
  return sums;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length;
}
