import { count } from '../words.ts';
import { driftCheck } from './drift-check.ts';

export const duplicateInSlices = driftCheck({
  id: 'endpoints/duplicate-in-slices',
  title: 'Endpoint in two slices',
  why: 'Which of the two entries an agent believes depends on the order it read them. When one is removed, the agent may forget the pod altogether.',
  severity: 'warning',
  drift: 'duplicate',
  headline: (n) => `${count(n, 'endpoint')} in more than one slice`,
  next: 'Delete the leading operator pod: the new leader rebuilds the slices and keeps one entry of each.',
});
