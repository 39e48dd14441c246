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

export const sliceIdentityDiffers: Check<DriftSuspect> = {
  id: 'endpoints/slice-identity-differs',
  title: 'Slice holds another identity than the endpoint',
  why: 'Other nodes judge the traffic of the pod by the identity in the slice. With the wrong one, policies allow or drop what they should not.',
  severity: 'error',
  needs: driftNeeds,
  clock: true,
  graceMs: driftGraceMs,
  everyMs: 2_000,
  look: (snapshot, now) => driftSuspects(snapshot, now, 'identity'),
  tell: (suspects, snapshot) => [
    {
      title: `${count(suspects.length, 'endpoint')} with another identity in the slice`,
      objects: suspects.map(({ object }) => object),
      evidence: [namespacesOf(suspects), ...driftLines(suspects, snapshot)],
      reach: count(suspects.length, 'pod'),
      next: 'Delete the pod, so that its successor is entered anew. The evidence names who wrote the slice, where it was not the operator.',
    },
  ],
};
