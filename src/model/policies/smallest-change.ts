import type { AnsweredPair } from './answered-pair.ts';
import type { KnownPolicies } from './known-policies.ts';
import type { Mend } from './policy-asks.ts';

export function smallestChanges(_known: KnownPolicies, _pair: AnsweredPair): readonly Mend[] {
  return [];
}
