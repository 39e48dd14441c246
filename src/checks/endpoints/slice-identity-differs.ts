import { count } from '../words.ts';
import { driftCheck } from './drift-check.ts';

export const sliceIdentityDiffers = driftCheck({
  id: 'endpoints/slice-identity-differs',
  title: 'Slice holds another identity than the endpoint',
  why: 'Other nodes judge the traffic of the pod by the identity in the slice. With the wrong one, policies allow or drop what they should not.',
  severity: 'error',
  drift: 'identity',
  headline: (n) => `${count(n, 'endpoint')} with another identity in the slice`,
  next: 'Delete the pod, so that its successor is entered anew. The evidence names who wrote the slice, where it was not the operator.',
});
