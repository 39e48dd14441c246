import type { DriftKind } from '../../model/slices.ts';
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
    needs: driftNeeds,
    clock: true,
    graceMs: driftGraceMs,
    everyMs: 2_000,
    look: (snapshot, now) => driftSuspects(snapshot, now, drift),
    tell: (suspects, snapshot) => [
      {
        title: headline(suspects.length),
        objects: suspects.map(({ object }) => object),
        evidence: [namespacesOf(suspects), ...driftLines(suspects, snapshot)],
        reach: count(suspects.length, 'pod'),
        next,
      },
    ],
  };
}
