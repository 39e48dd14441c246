import { clock } from '../../model/clock.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { type Difference, type DifferenceType, differenceKey } from '../../model/truth/truth.ts';
import type { Suspect } from '../check.ts';

export type Differing = Suspect & { difference: Difference; at: number };

/** What the session's truth checks found of these types, each once, as the newest look saw it. */
export function differing(snapshot: Snapshot, types: readonly DifferenceType[]): readonly Differing[] {
  const found = new Map<string, Differing>();
  for (const { at, differences } of snapshot.facts.truth?.value?.results ?? []) {
    for (const difference of differences) {
      if (!types.includes(difference.type)) continue;
      const key = differenceKey(difference);
      if ((found.get(key)?.at ?? 0) >= at) continue;
      const { object, node } = difference;
      found.set(key, { object, ...(node === '' ? {} : { node }), key, difference, at });
    }
  }
  return [...found.values()];
}

/** Both sides of one, and who says so. */
export function bothSides({ difference: { object, intended, realised }, at }: Differing): string {
  const name = `${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}`;
  const is = `${realised.text} (${realised.source}, ${clock(at)})`;
  return `${name}: intended ${intended.text} (${intended.source}); realised ${is}`;
}
