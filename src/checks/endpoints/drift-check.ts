import { type ObjectRef, refKey } from '../../model/ref.ts';
import type { DriftKind } from '../../model/slices.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check } from '../check.ts';
import { count } from '../words.ts';
import {
  type DriftSuspect,
  driftGraceMs,
  driftLines,
  driftNeeds,
  driftSuspects,
  namespacesOf,
} from './drift-suspects.ts';

/** What tells one kind of disagreement between endpoints and slices from another. */
type DriftWords = Pick<Check, 'id' | 'title' | 'why' | 'severity'> & {
  drift: DriftKind;
  /** `3 endpoints in no slice`. */
  headline(howMany: number): string;
  next: string;
};

/** A check on one kind of disagreement between endpoints and slices: all of them look and tell alike. */
export function driftCheck({ drift, headline, next, ...check }: DriftWords): Check<DriftSuspect> {
  return {
    ...check,
    family: 'slices that drifted',
    needs: driftNeeds,
    clock: true,
    graceMs: driftGraceMs,
    everyMs: 2_000,
    look: (snapshot, now) => driftSuspects(snapshot, now, drift),
    tell: (suspects, snapshot) => [
      {
        title: headline(suspects.length),
        objects: objectsOf(suspects, snapshot),
        evidence: [namespacesOf(suspects), ...driftLines(suspects, snapshot)],
        reach: count(suspects.length, 'pod'),
        next,
      },
    ],
  };
}

/** Of each what one would open first: the endpoint, and the slices that hold it; of one that is gone its slice. */
function objectsOf(suspects: readonly DriftSuspect[], { tables }: Snapshot): readonly ObjectRef[] {
  const all = suspects.flatMap(({ object, drift }) => {
    const slices = drift.slices.map((name): ObjectRef => ({ kind: 'CiliumEndpointSlice', name }));
    const isThere = tables.ciliumEndpoints.named(drift.namespace, drift.name) !== undefined;
    return isThere ? [object, ...slices] : [...slices, object];
  });
  return [...new Map(all.map((ref) => [refKey(ref), ref])).values()];
}
