import type { PairChange, PolicySummary, WhatIfReport } from '../../model/policies/policy-asks.ts';
import type { PolicyRef } from '../../model/policies/rule.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { DraftState } from './draft-state.ts';
import type { Standings } from './standing.ts';

/** All that the page is drawn from. */
export type Tried = Readonly<{
  state: DraftState;
  /** undefined = not computed yet. */
  report: WhatIfReport | undefined;
  /** undefined = the server has not answered yet. */
  standings: Standings | undefined;
  /** Why the server could not be asked; ''. */
  unasked: string;
  /** Why nobody can say what it would do; ''. */
  uncomputed: string;
  /** The policy as it is known before the change; undefined = it is not there. */
  before(ref: PolicyRef): PolicySummary | undefined;
}>;

export type Look = Readonly<{ columns: number; glyphs: Glyphs; now: number }>;

/** By what becomes of them. */
export function sortChanges(changes: readonly PairChange[]): Record<PairChange['after'], readonly PairChange[]> {
  const of = (after: PairChange['after']) => changes.filter((one) => one.after === after);
  return { deny: of('deny'), allow: of('allow'), unknown: of('unknown') };
}
