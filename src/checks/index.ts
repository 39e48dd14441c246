import type { Check } from './check.ts';

/** What can be wrong, in the order a reader would ask. */
export const checks: readonly Check[] = [];
