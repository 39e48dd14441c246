import { count } from '../words.ts';
import { driftCheck } from './drift-check.ts';

export const sliceAddressDiffers = driftCheck({
  id: 'endpoints/slice-address-differs',
  title: 'Slice holds another address than the endpoint',
  why: 'Other nodes send the traffic for the pod to an address or node it no longer has, and take whoever has that address now for the pod.',
  severity: 'error',
  drift: 'address',
  headline: (n) => `${count(n, 'endpoint')} with another address in the slice`,
  next: 'Delete the pod, so that its successor is entered anew; if many differ, delete the leading operator pod.',
});
