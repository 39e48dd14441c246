import type { LogPattern } from './log-pattern.ts';

/** What the operator says of slices and of its lease. Several of these are of level info. */
export const operatorPatterns: readonly LogPattern[] = [
  {
    id: 'slice-given-up',
    row: 37,
    programs: ['operator'],
    substrings: ['Dropping the CES from queue, exceeded maxRetries'],
    severity: 'error',
    meaning: 'The operator gave a slice up after 15 tries: it differs from now on.',
    next: 'Resynchronise that slice; a rollout restart of the operator writes all of them anew.',
  },
  {
    id: 'slice-retried',
    row: 38,
    programs: ['operator'],
    substrings: ['Error processing CES, retrying'],
    severity: 'warning',
    meaning: 'A slice cannot be written and is tried again.',
    next: 'error= says why: quota, throttling or rights.',
  },
  {
    id: 'slice-write-failed',
    row: 39,
    programs: ['operator'],
    substrings: [
      'Unable to create CiliumEndpointSlice in k8s-apiserver',
      'Unable to update CiliumEndpointSlice in k8s-apiserver',
      'Unable to delete CiliumEndpointSlice in k8s-apiserver',
    ],
    severity: 'warning',
    meaning: 'One write of a slice failed; the operator says so at level info.',
    next: 'Some are usual; many mean that slices lag behind the pods.',
  },
  {
    id: 'slice-limits-unread',
    row: 41,
    programs: ['operator'],
    substrings: [
      "Couldn't parse CES rate limit config",
      'You are using deprecated rate limit option(s) that have no effect',
    ],
    severity: 'warning',
    meaning: 'The rate limits of slices are written wrongly and have no effect (BYO CNI).',
    next: 'Correct ces-rate-limits.',
  },
  {
    id: 'slice-limits',
    row: 40,
    programs: ['operator'],
    substrings: [
      'CES controller workqueue configuration',
      'Updated CES controller workqueue configuration',
      'Bootstrap ces controller',
    ],
    severity: 'note',
    meaning: 'The slice controller started, or its rate limits changed with the number of nodes.',
    next: 'workQueueQPSLimit says how many slices it may write a second.',
  },
  {
    id: 'lease-lost',
    row: 42,
    programs: ['operator'],
    // Small where it ends the process as its error.
    substrings: ['eader election lost'],
    severity: 'warning',
    meaning: 'The operator lost its lease and ends; another one takes over.',
    next: 'Often means that the API server is slow.',
  },
  {
    id: 'lease-taken',
    row: 42,
    programs: ['operator'],
    substrings: ['Leading the operator HA deployment', 'Leader re-election complete'],
    severity: 'note',
    meaning: 'The operator leads from here on.',
    next: 'Nothing to do; where it comes often the API server is slow.',
  },
  {
    id: 'lease-not-written',
    row: 43,
    programs: ['operator'],
    substrings: [
      'Failed to update lock:',
      // Newer client libraries.
      'Failed to update lock optimistically',
      'Failed to update lease',
      'Failed to release lock:',
      'Failed to release lease',
      'Error retrieving lease lock',
      'error retrieving resource lock',
    ],
    severity: 'warning',
    meaning: 'The API server did not take or tell the lease.',
    next: 'Look at the API server’s health and latency.',
  },
];
