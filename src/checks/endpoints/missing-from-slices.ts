import { count } from '../words.ts';
import { driftCheck } from './drift-check.ts';

export const missingFromSlices = driftCheck({
  id: 'endpoints/missing-from-slices',
  title: 'Endpoint in no slice',
  why: 'Agents on other nodes learn of endpoints from slices alone. They take such a pod for something outside the cluster, so policies that name it drop its traffic.',
  severity: 'error',
  drift: 'missing',
  headline: (n) => `${count(n, 'endpoint')} in no slice`,
  next: 'Delete one of the pods, so that its successor is entered anew; if that does not help, delete the leading operator pod.',
});
