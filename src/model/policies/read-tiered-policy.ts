import type { TieredPolicyRow } from '../objects/others.ts';
import { record } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { TieredPolicy } from './facts.ts';
import { NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from './labels.ts';
import { kubernetesKey, readRequirements, type Selector, selectorOf } from './selector.ts';

/** Policies that come before or after all others, each with an order of its own (domain §7.6). */
export const TIERED_KINDS: readonly string[] = [
  'ClusterNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
];

export function readTieredPolicy({ name, subject, ingress, egress }: TieredPolicyRow, kind: string): TieredPolicy {
  return { kind, name, subject: readSubject(subject), ingress, egress };
}

/** `namespaces` is a selector of namespaces, `pods` one of namespaces and one of pods. */
function readSubject({ namespaces, pods }: RawObject): Selector | undefined {
  const { namespaceSelector, podSelector } = record(pods);
  const where = namespaces ?? namespaceSelector;
  if (where == null) return undefined;
  let understood = true;
  const problem = () => {
    understood = false;
  };
  const prefixed = (key: string) => kubernetesKey(`${NAMESPACE_LABELS_PREFIX}${key}`);
  const requirements = [
    ...readRequirements(where, prefixed, problem),
    ...readRequirements(podSelector ?? {}, kubernetesKey, problem),
    { ...kubernetesKey(NAMESPACE_KEY), operator: 'Exists', values: [] } as const,
  ];
  return understood ? selectorOf(requirements) : undefined;
}
