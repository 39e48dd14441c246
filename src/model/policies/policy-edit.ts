import type { Policy, PolicyRef } from './rule.ts';

/** A policy that was changed under our eyes: `before` is absent where it was new, `after` where it was deleted. */
export type PolicyEdit = {
  /** By the server's clock. */
  at: number;
  ref: PolicyRef;
  before?: Policy;
  after?: Policy;
  /** `jane@contoso (kubectl)`; '' = nobody knows. */
  who: string;
};
