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

export const duplicateInSlices: Check<DriftSuspect> = {
  id: 'endpoints/duplicate-in-slices',
  title: 'Endpoint in two slices',
  why: 'Which of the two entries an agent believes depends on the order it read them. When one is removed, the agent may forget the pod altogether.',
  severity: 'warning',
  needs: driftNeeds,
  clock: true,
  graceMs: driftGraceMs,
  everyMs: 2_000,
  look: (snapshot, now) => driftSuspects(snapshot, now, 'duplicate'),
  tell: (suspects, snapshot) => [
    {
      title: `${count(suspects.length, 'endpoint')} in more than one slice`,
      objects: suspects.map(({ object }) => object),
      evidence: [namespacesOf(suspects), ...driftLines(suspects, snapshot)],
      reach: count(suspects.length, 'pod'),
      next: 'Delete the leading operator pod: the new leader rebuilds the slices and keeps one entry of each.',
    },
  ],
};
