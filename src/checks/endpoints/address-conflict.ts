import { count } from '../words.ts';
import { driftCheck } from './drift-check.ts';

export const addressConflict = driftCheck({
  id: 'endpoints/address-conflict',
  title: 'One address, two endpoints',
  why: 'An address was given to a new pod while the old entry is still there. Other nodes may take the new pod for the old one: wrong identity, wrong policies.',
  severity: 'error',
  drift: 'conflict',
  headline: (n) => `${count(n, 'address', 'addresses')} held by two endpoints`,
  next: 'Delete the leading operator pod, which takes out the entry of the pod that is gone; check that the address is in one entry only.',
});
