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

export const missingFromSlices: Check<DriftSuspect> = {
  id: 'endpoints/missing-from-slices',
  title: 'Endpoint in no slice',
  why: 'Agents on other nodes learn of endpoints from slices alone. They take such a pod for something outside the cluster, so policies that name it drop its traffic.',
  severity: 'error',
  needs: driftNeeds,
  clock: true,
  graceMs: driftGraceMs,
  everyMs: 2_000,
  look: (snapshot, now) => driftSuspects(snapshot, now, 'missing'),
  tell: (suspects, snapshot) => [
    {
      title: `${count(suspects.length, 'endpoint')} in no slice`,
      objects: suspects.map(({ object }) => object),
      evidence: [namespacesOf(suspects), ...driftLines(suspects, snapshot)],
      reach: count(suspects.length, 'pod'),
      next: 'Delete one of the pods, so that its successor is entered anew; if that does not help, delete the leading operator pod.',
    },
  ],
};
