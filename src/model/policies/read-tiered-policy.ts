import { list, record, text } from '../objects/raw.ts';
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

/** As much of one as is needed to know whose verdicts it may change. */
export function readTieredPolicy(raw: RawObject, kind: string): TieredPolicy {
  const spec = record(raw.spec);
  return {
    kind,
    name: text(record(raw.metadata).name),
    subject: readSubject(record(spec.subject)),
    ingress: list(spec.ingress).length > 0,
    egress: list(spec.egress).length > 0,
  };
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
