import type { Severity } from '../../model/finding.ts';
import type { PolicyIndex } from '../../model/policies/policy-index.ts';
import type { Policy } from '../../model/policies/rule.ts';

/**
 * What can be wrong with a policy, judged by itself and by the cluster it stands in: on files as on the live cluster.
 * One file each; pure. It looks at one policy at a time, so that an edited one alone is looked at again.
 */
export type Lint = {
  /** Path-like, equal to the file's path under checks/: `policies/empty-peer-list`. */
  id: string;
  title: string;
  /** Why it matters, for someone who wonders why traffic is denied: at most three sentences. */
  why: string;
  severity: Severity;
  look(policy: Policy, index: PolicyIndex): readonly Lapse[];
};

/** One place where a policy is wrong. */
export type Lapse = {
  /** `spec.ingress[0].toPorts[0]`; 'policy' for all of it. */
  path: string;
  /** What is wrong there, in one sentence without a stop. */
  text: string;
  /** The mend, one sentence. */
  next: string;
};
