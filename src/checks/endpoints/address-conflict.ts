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

export const addressConflict: Check<DriftSuspect> = {
  id: 'endpoints/address-conflict',
  title: 'One address, two endpoints',
  why: 'An address was given to a new pod while the old entry is still there. Other nodes may take the new pod for the old one: wrong identity, wrong policies.',
  severity: 'error',
  needs: driftNeeds,
  clock: true,
  graceMs: driftGraceMs,
  everyMs: 2_000,
  look: (snapshot, now) => driftSuspects(snapshot, now, 'conflict'),
  tell: (suspects, snapshot) => [
    {
      title: `${count(suspects.length, 'address', 'addresses')} held by two endpoints`,
      objects: suspects.map(({ object }) => object),
      evidence: [namespacesOf(suspects), ...driftLines(suspects, snapshot)],
      reach: count(suspects.length, 'pod'),
      next: 'Delete the leading operator pod, which takes out the entry of the pod that is gone; check that the address is in one entry only.',
    },
  ],
};
