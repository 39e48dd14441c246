import { catchUpMs } from '../../model/churn-fold.ts';
import { sliceDrift } from '../../model/slices.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check } from '../check.ts';
import { age, count, number } from '../words.ts';
import { type DriftSuspect, driftGraceMs, driftNeeds, namespacesOf, slicesInUse } from './drift-suspects.ts';

/** Fewer that wait are single endpoints the operator missed, which is another finding. */
const fewest = 10;
/** After fifteen failed tries, half an hour, the operator drops a slice from its queue: that is no lag any more. */
const longestMs = 30 * 60_000;
/** An operator that has written nothing for so long does not lag, it stands. */
const writesMs = 5 * 60_000;

export const sliceLag: Check<DriftSuspect> = {
  id: 'endpoints/slice-lag',
  title: 'Slices lag behind endpoints',
  why: 'The operator writes slices more slowly than pods come and go. Until a pod is in a slice, other nodes take it for something outside the cluster and policies that name it drop its traffic.',
  severity: 'error',
  needs: driftNeeds,
  clock: true,
  everyMs: 2_000,
  graceMs: driftGraceMs,
  explains: [
    { id: 'endpoints/missing-from-slices', where: 'all' },
    { id: 'endpoints/stale-slice-entry', where: 'all' },
    { id: 'endpoints/slice-identity-differs', where: 'all' },
    { id: 'endpoints/slice-address-differs', where: 'all' },
    { id: 'endpoints/address-conflict', where: 'all' },
    { id: 'endpoints/slice-queue-slow', where: 'all' },
  ],
  look(snapshot, now) {
    if (!slicesInUse(snapshot) || now - lastWrite(snapshot) > writesMs) return [];
    const waiting = sliceDrift(snapshot, now).filter(
      ({ what, since }) => what === 'missing' && since > 0 && now - since >= driftGraceMs && now - since < longestMs,
    );
    if (waiting.length < fewest) return [];
    // What the slices' watch missed while it was broken comes within moments: until then an entry may be there unseen.
    const catchesUp = now - snapshot.churn.resumed < catchUpMs;
    // What waited when the clock was set looks older by the jump: for as long as it might not have stood, it is watched.
    const isSet = now - snapshot.churn.clockSet < driftGraceMs;
    return waiting.map((drift) => ({
      object: { kind: 'CiliumEndpoint', namespace: drift.namespace, name: drift.name },
      ...(isSet ? {} : catchesUp ? { watchMs: catchUpMs } : { since: drift.since }),
      drift,
    }));
  },
  tell(suspects, snapshot, now) {
    const oldest = Math.min(...suspects.map(({ drift }) => drift.since));
    const { perSecond, slicesPerSecond, endpointToSlice } = snapshot.churn;
    return [
      {
        title: `slices lag: ${count(suspects.length, 'endpoint')} wait longer than a minute, the oldest ${age(now - oldest)}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          namespacesOf(suspects),
          `of the last ten seconds: ${rate(perSecond)} endpoint changes/s, ${rate(slicesPerSecond)} slice writes/s`,
          ...(endpointToSlice.count >= 20
            ? [
                `endpoint to slice, as watched: half within ${age(endpointToSlice.p50)}, 99 % within ${age(endpointToSlice.p99)}`,
              ]
            : []),
        ],
        since: oldest,
        reach: count(suspects.length, 'pod'),
        next: 'Find what makes pods come and go so fast (3, by namespace) and slow it down; read the operator log for "retrying".',
      },
    ];
  },
};

function lastWrite(snapshot: Snapshot): number {
  let last = 0;
  for (const { changed } of snapshot.tables.ciliumEndpointSlices.rows.values()) if (changed > last) last = changed;
  return last;
}

function rate(perSecond: readonly number[]): string {
  const last = perSecond.slice(-10);
  if (last.length === 0) return '0';
  const mean = last.reduce((sum, one) => sum + one, 0) / last.length;
  return mean >= 10 ? number(mean) : mean.toFixed(1);
}
