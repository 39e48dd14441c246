// Labels as Cilium's identities carry them: `source:key` with a value (domain §7.1).

/**
 * The labels of an identity by `source:key`. Keys that begin with `unknownPrefix` and are not in `of` are not known to
 * be absent: the Namespace that would say so was not read.
 */
export type IdentityLabels = { of: ReadonlyMap<string, string>; unknownPrefix: string };

/** Cilium's own label keys of a pod (domain §7.1, `apis/cilium.io/const.go`). */
export const NAMESPACE_KEY = 'io.kubernetes.pod.namespace';
export const NAMESPACE_LABELS_PREFIX = 'io.cilium.k8s.namespace.labels.';
export const SERVICE_ACCOUNT_KEY = 'io.cilium.k8s.policy.serviceaccount';
export const CLUSTER_KEY = 'io.cilium.k8s.policy.cluster';

/** Where a label of an identity can come from; `any:` in a selector looks in all of them. */
const SOURCES = ['k8s', 'reserved', 'node', 'cidr', 'cidrgroup', 'fqdn', 'container', 'unspec'] as const;

export type LabelKey = { source: string; key: string };

/** `k8s:app` → k8s, app; a bare key looks in any source; `$host` is an old spelling of `reserved:host` (domain §7.3). */
export function parseLabelKey(text: string): LabelKey {
  if (text.startsWith('$')) return { source: 'reserved', key: text.slice(1) };
  const colon = text.indexOf(':');
  return colon < 0 ? { source: 'any', key: text } : { source: text.slice(0, colon), key: text.slice(colon + 1) };
}

/** The value under a key; undefined where the identity has none, 'unknown' where it may have one that was not read. */
export function lookUp(labels: IdentityLabels, { source, key }: LabelKey): string | undefined | typeof UNKNOWN {
  if (source !== 'any') return labels.of.get(`${source}:${key}`) ?? maybe(labels, `${source}:${key}`);
  for (const one of SOURCES) {
    const value = labels.of.get(`${one}:${key}`);
    if (value !== undefined) return value;
  }
  return maybe(labels, `k8s:${key}`) ?? maybe(labels, `node:${key}`);
}

/** Nothing a label value can be. */
export const UNKNOWN = Symbol('unknown');

function maybe({ unknownPrefix }: IdentityLabels, full: string): typeof UNKNOWN | undefined {
  return unknownPrefix !== '' && full.startsWith(unknownPrefix) ? UNKNOWN : undefined;
}

/** The labels of what is no pod: `reserved:host`, `reserved:world` and the like. */
export function reservedLabels(...names: readonly string[]): IdentityLabels {
  return { of: new Map(names.map((name) => [`reserved:${name}`, ''])), unknownPrefix: '' };
}
