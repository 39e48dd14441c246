import { livePolicies } from '../model/policies/live-policies.ts';
import type { Check } from './check.ts';
import { asCheck } from './policies/as-check.ts';
import { lints } from './policies/index.ts';

/** What can be wrong with the policies of a live cluster. */
export const policyChecks: readonly Check[] = lints.map((lint) => asCheck(lint, livePolicies));
