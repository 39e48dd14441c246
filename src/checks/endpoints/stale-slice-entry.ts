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

export const staleSliceEntry: Check<DriftSuspect> = {
  id: 'endpoints/stale-slice-entry',
  title: 'Slice entry without an endpoint',
  why: 'The pod is gone, but other nodes still hold its address for its identity. The next pod with that address inherits rights it should not have.',
  severity: 'warning',
  needs: driftNeeds,
  clock: true,
  graceMs: driftGraceMs,
  everyMs: 2_000,
  look: (snapshot, now) => driftSuspects(snapshot, now, 'stale'),
  tell: (suspects, snapshot) => [
    {
      title: `${count(suspects.length, 'slice entry', 'slice entries')} of endpoints that are gone`,
      objects: suspects.map(({ object }) => object),
      evidence: [namespacesOf(suspects), ...driftLines(suspects, snapshot)],
      reach: count(suspects.length, 'pod'),
      next: 'Delete the leading operator pod: the new leader rebuilds the slices and takes such entries out.',
    },
  ],
};
