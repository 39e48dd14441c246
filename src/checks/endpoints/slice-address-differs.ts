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

export const sliceAddressDiffers: Check<DriftSuspect> = {
  id: 'endpoints/slice-address-differs',
  title: 'Slice holds another address than the endpoint',
  why: 'Other nodes send the traffic for the pod to an address or node it no longer has, and take whoever has that address now for the pod.',
  severity: 'error',
  needs: driftNeeds,
  clock: true,
  graceMs: driftGraceMs,
  everyMs: 2_000,
  look: (snapshot, now) => driftSuspects(snapshot, now, 'address'),
  tell: (suspects, snapshot) => [
    {
      title: `${count(suspects.length, 'endpoint')} with another address in the slice`,
      objects: suspects.map(({ object }) => object),
      evidence: [namespacesOf(suspects), ...driftLines(suspects, snapshot)],
      reach: count(suspects.length, 'pod'),
      next: 'Delete the pod, so that its successor is entered anew; if many differ, delete the leading operator pod.',
    },
  ],
};
