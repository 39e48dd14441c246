import { record } from '../model/objects/raw.ts';
import type { PolicyRef } from '../model/policies/rule.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Policies with a selector on one of these label keys, wherever in them it stands. */
export function policiesSelectingBy({ tables }: Snapshot, keys: readonly string[]): readonly PolicyRef[] {
  const kinds = [
    ['NetworkPolicy', tables.networkPolicies],
    ['CiliumNetworkPolicy', tables.ciliumNetworkPolicies],
    ['CiliumClusterwideNetworkPolicy', tables.ciliumClusterwideNetworkPolicies],
  ] as const;
  return kinds.flatMap(([kind, table]) =>
    [...table.rows.values()]
      .filter(({ body }) => selectsBy([body.spec, body.specs], keys))
      .map(({ namespace, name }) => ({ kind, namespace, name })),
  );
}

/** Deeper than any policy; what is deeper is looked at no more. */
const deepest = 20;

function selectsBy(value: unknown, keys: readonly string[], depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > deepest) return false;
  if (Array.isArray(value)) return value.some((one) => selectsBy(one, keys, depth + 1));
  return Object.entries(value).some(([field, inner]) => {
    if (field === 'matchLabels') return Object.keys(record(inner)).some((label) => isOneOf(label, keys));
    if (field === 'matchExpressions' && Array.isArray(inner))
      return inner.some((one) => isOneOf(String(record(one).key ?? ''), keys));
    return selectsBy(inner, keys, depth + 1);
  });
}

/** Cilium's own selectors may name the source: `k8s:app`, `any:app`. */
function isOneOf(label: string, keys: readonly string[]): boolean {
  return keys.includes(label) || keys.includes(label.replace(/^(k8s|any)[:.]/, ''));
}
