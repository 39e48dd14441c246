import type { ObjectRef } from '../model/ref.ts';
import { runbooks } from '../runbooks/index.ts';
import type { Runbook } from '../runbooks/runbook.ts';

/** The runbooks that a finding of this check leads to, the first one first. */
export function runbooksFor(check: string): readonly Runbook[] {
  return runbooks.filter(({ from }) => from.includes(check));
}

/** Runbooks that can be about an object of this kind. */
export function runbooksAbout({ kind }: Pick<ObjectRef, 'kind'>): readonly Runbook[] {
  return runbooks.filter(({ target }) => target?.kinds.includes(kind));
}
