import { runbooks } from '../runbooks/index.ts';
import type { Runbook } from '../runbooks/runbook.ts';

/** The runbooks that a finding of this check leads to, the first one first. */
export function runbooksFor(check: string): readonly Runbook[] {
  return runbooks.filter(({ from }) => from.includes(check));
}
