import { count } from '../words.ts';
import { driftCheck } from './drift-check.ts';

export const staleSliceEntry = driftCheck({
  id: 'endpoints/stale-slice-entry',
  title: 'Slice entry without an endpoint',
  why: 'The pod is gone, but other nodes still hold its address for its identity. The next pod with that address inherits rights it should not have.',
  severity: 'warning',
  drift: 'stale',
  headline: (n) => `${count(n, 'slice entry', 'slice entries')} of endpoints that are gone`,
  next: 'Delete the leading operator pod: the new leader rebuilds the slices and takes such entries out.',
});
