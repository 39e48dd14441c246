import type { KindId } from '../model/kinds.ts';
import type { PolicyKind } from '../model/policies/rule.ts';

/** The kinds of policies: their table, and what they are called where there is little room. */
export const policyKinds = [
  { id: 'networkPolicies', kind: 'NetworkPolicy', short: 'NP' },
  { id: 'ciliumNetworkPolicies', kind: 'CiliumNetworkPolicy', short: 'CNP' },
  { id: 'ciliumClusterwideNetworkPolicies', kind: 'CiliumClusterwideNetworkPolicy', short: 'CCNP' },
] as const satisfies readonly { id: KindId; kind: PolicyKind; short: string }[];
