import { list, record } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';

/** The kinds that people write and keep: policies, and the groups they name. */
export const WRITTEN_KINDS = [
  'NetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'CiliumCIDRGroup',
];

/**
 * An object as somebody would have written it: without what the server adds, and in one order of keys whatever the order
 * it came in. Lists keep theirs. The values are the object's own, never sanitised.
 */
export function asWritten(raw: RawObject): RawObject {
  const metadata = Object.entries(record(raw.metadata)).filter(([key]) => !SERVER_METADATA.has(key));
  const annotations = Object.entries(record(record(raw.metadata).annotations)).filter(
    ([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration',
  );
  const kept = metadata.filter(([key, value]) => key !== 'annotations' && !isEmpty(value));
  if (annotations.length > 0) kept.push(['annotations', Object.fromEntries(annotations)]);
  const { apiVersion, kind, metadata: _, status: __, ...rest } = raw;
  return { apiVersion, kind, metadata: sorted(Object.fromEntries(kept)), ...record(sorted(rest)) };
}

const SERVER_METADATA: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  // By uid, which another cluster does not have.
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/**
 * The same with what the API server fills in when it is left out, for comparing a file with what became of it: the
 * namespace, and what NetworkPolicy has defaults for. Of Cilium's own kinds only the family of an ICMP field has one.
 */
export function asServed(raw: RawObject): RawObject {
  const written = asWritten(raw);
  const metadata = record(written.metadata);
  const namespaced = raw.kind === 'NetworkPolicy' || raw.kind === 'CiliumNetworkPolicy';
  const placed = namespaced && !metadata.namespace ? { ...metadata, namespace: 'default' } : metadata;
  const labels = Object.fromEntries(Object.entries(placed).filter(([, value]) => !isEmpty(value)));
  const filled = { ...written, metadata: sorted(labels) };
  if (raw.kind === 'NetworkPolicy') return { ...filled, spec: networkPolicySpec(record(written.spec)) };
  return record(withFamilies(filled));
}

function networkPolicySpec(spec: RawObject): unknown {
  const rules = (key: 'ingress' | 'egress') =>
    list(spec[key], Number.POSITIVE_INFINITY).map((one) => rule(record(one)));
  const [ingress, egress] = [rules('ingress'), rules('egress')];
  const types = list(spec.policyTypes);
  return sorted({
    ...spec,
    // The server's own kinds do not keep the difference between an empty list and none.
    ingress: ingress.length === 0 ? undefined : ingress,
    egress: egress.length === 0 ? undefined : egress,
    podSelector: selector(spec.podSelector),
    policyTypes: types.length > 0 ? types : egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'],
  });
}

function rule(raw: RawObject): RawObject {
  const ports = list(raw.ports, Number.POSITIVE_INFINITY).map((port) => ({ protocol: 'TCP', ...record(port) }));
  const peers = (key: 'from' | 'to') => {
    const all = list(raw[key], Number.POSITIVE_INFINITY).map(record);
    return all.length === 0 ? undefined : all.map(peer);
  };
  return { ...raw, ports: ports.length === 0 ? undefined : ports, from: peers('from'), to: peers('to') };
}

function peer(raw: RawObject): RawObject {
  const selectors = (['podSelector', 'namespaceSelector'] as const).filter((key) => raw[key] !== undefined);
  const block = record(raw.ipBlock);
  const ipBlock = raw.ipBlock === undefined ? {} : { ipBlock: withoutEmpty(block) };
  return { ...raw, ...Object.fromEntries(selectors.map((key) => [key, selector(raw[key])])), ...ipBlock };
}

function selector(value: unknown): RawObject {
  return withoutEmpty(record(value));
}

function withoutEmpty(raw: RawObject): RawObject {
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => !isEmpty(value)));
}

function withFamilies(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withFamilies);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      if (key !== 'icmps') return [key, withFamilies(one)];
      const icmps = list(one).map(record);
      return [
        key,
        icmps.map((icmp) => ({
          ...icmp,
          fields: list(icmp.fields).map((field) => sorted({ family: 'IPv4', ...record(field) })),
        })),
      ];
    }),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Fields that are null are not there, to the server as to us. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}
