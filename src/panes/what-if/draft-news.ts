import { isUnchanged } from '../../actions/live-object.ts';
import type { DraftState } from './draft-state.ts';
import type { Standing, Standings } from './standing.ts';

/** Somebody else changed it since the draft was begun. What we applied ourselves is no news. */
export function changedMeanwhile({ base, applied }: DraftState, { key, live }: Standing): boolean {
  return base.has(key) && !applied.has(key) && !isUnchanged(base.get(key), live);
}

/** Applied, and still so. Until the server was asked after that, nothing speaks against it. */
export function isInPlace({ applied }: DraftState, one: Standing, standings: Standings | undefined): boolean {
  const mine = applied.get(one.key);
  if (mine === undefined || !['verified', 'written'].includes(mine.outcome.outcome)) return false;
  if ((standings?.at ?? 0) <= mine.at) return true;
  return one.way === 'remove' ? one.live === undefined : one.live !== undefined && one.difference.length === 0;
}

/** What is still to be applied, the next first. */
export function remaining(state: DraftState, standings: Standings | undefined): readonly Standing[] {
  return (standings?.of ?? []).filter(
    (one) =>
      !isInPlace(state, one, standings) &&
      (one.difference.length > 0 || one.live === undefined || one.way === 'remove'),
  );
}
