import ipaddr from 'ipaddr.js';
import type { RawObject } from '../../../../src/model/objects/row.ts';
import { configOf, type End, type Label } from './identity.ts';

// Label selectors and CIDRs by the words of Kubernetes and Cilium, with nothing kept and nothing looked up twice.

export type Expression = { key: string; operator: string; values?: string[] };
export type Selector = { matchLabels?: Record<string, string>; matchExpressions?: Expression[] };
export type CidrRule = {
  cidr?: string;
  cidrGroupRef?: string;
  cidrGroupSelector?: Selector;
  except?: string[];
};

const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

/** `source:key`; a bare key is of any source. */
function prefixed(key: string): { source: string; key: string } {
  const at = key.indexOf(':');
  return at < 0 ? { source: 'any', key } : { source: key.slice(0, at), key: key.slice(at + 1) };
}

function expressions({ matchLabels = {}, matchExpressions = [] }: Selector): Expression[] {
  return [
    ...Object.entries(matchLabels).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...matchExpressions,
  ];
}

export function selects(selector: Selector, labels: readonly Label[]): boolean {
  return expressions(selector).every(({ key, operator, values = [] }) => {
    const wanted = prefixed(key);
    const found = labels.find(
      (one) => one.key === wanted.key && (wanted.source === 'any' || wanted.source === one.source),
    );
    if (operator === 'Exists') return found !== undefined;
    if (operator === 'DoesNotExist') return found === undefined;
    const among = found !== undefined && values.includes(found.value);
    return operator === 'In' ? among : !among;
  });
}

/** The subject of a CiliumNetworkPolicy is always in its own namespace; a clusterwide one may be anybody. */
export function subjectOf(selector: Selector, namespace: string): Selector {
  return namespace === ''
    ? selector
    : { ...selector, matchLabels: { ...selector.matchLabels, [`k8s:${NAMESPACE}`]: namespace } };
}

/** What Cilium adds to a selector of peers: the policy's namespace, or `some namespace`, unless one is spoken of. */
export function peerOf(given: Selector, namespace: string, subject: Selector, cluster: string): Selector {
  const selector = inCluster(given, cluster);
  const keys = expressions(selector).map(({ key }) => prefixed(key));
  if (keys.some(({ source }) => source === 'reserved')) return selector;
  const kubernetes = keys.filter(({ source }) => source === 'any' || source === 'k8s').map(({ key }) => key);
  if (kubernetes.includes(NAMESPACE)) return selector;
  if (namespace === '') {
    const matchesInit = expressions(subject).some(({ key }) => key === 'reserved:init');
    const exists = { key: `k8s:${NAMESPACE}`, operator: 'Exists' };
    return matchesInit ? selector : { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), exists] };
  }
  if (kubernetes.some((key) => key.startsWith(NAMESPACE_LABELS))) return selector;
  return { ...selector, matchLabels: { ...selector.matchLabels, [`k8s:${NAMESPACE}`]: namespace } };
}

export const CLUSTER = 'io.cilium.k8s.policy.cluster';

/** policy-default-local-cluster: peers are of the own cluster unless they speak of one; '' = of any. */
function inCluster(selector: Selector, cluster: string): Selector {
  const keys = expressions(selector).map(({ key }) => prefixed(key));
  if (cluster === '' || keys.some(({ source, key }) => source === 'reserved' || key === CLUSTER)) return selector;
  return { ...selector, matchLabels: { ...selector.matchLabels, [`k8s:${CLUSTER}`]: cluster } };
}

export function ownCluster(objects: readonly RawObject[]): string {
  const config = configOf(objects);
  return config['policy-default-local-cluster'] === 'true' ? (config['cluster-name'] ?? 'default') : '';
}

const FIXED = {
  world: ['world', 'world-ipv4', 'world-ipv6'],
  'kube-apiserver': ['kube-apiserver'],
} as Record<string, string[] | undefined>;
const IN_CLUSTER = ['host', 'remote-node', 'init', 'ingress', 'health', 'unmanaged', 'kube-apiserver'];

export function isEntity(entity: string, labels: readonly Label[]): boolean {
  const is = (key: string) => labels.some((one) => one.source === 'reserved' && one.key === key);
  if (entity === 'all') return true;
  if (entity === 'cluster') return IN_CLUSTER.some(is) || labels.some(({ key }) => key === CLUSTER);
  return (FIXED[entity] ?? [entity]).some(is);
}

export function inCidr(rule: CidrRule, { addresses }: End, objects: readonly RawObject[]): boolean {
  const groups = objects.filter((one) => one.kind === 'CiliumCIDRGroup') as unknown as {
    metadata: { name: string; labels?: Record<string, string> };
    spec: { externalCIDRs: string[] };
  }[];
  const wanted = groups.filter(({ metadata }) => {
    const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => ({ source: 'any', key, value }));
    return rule.cidrGroupSelector
      ? selects(rule.cidrGroupSelector, labels)
      : rule.cidrGroupRef !== undefined && metadata.name === rule.cidrGroupRef;
  });
  const cidrs = rule.cidr === undefined ? wanted.flatMap(({ spec }) => spec.externalCIDRs) : [rule.cidr];
  return addresses.some(
    (ip) => cidrs.some((cidr) => contains(cidr, ip)) && !(rule.except ?? []).some((cidr) => contains(cidr, ip)),
  );
}

export function contains(cidr: string, ip: string): boolean {
  const address = ipaddr.parse(ip);
  const [base, bits] = parsePrefix(cidr);
  return base.kind() === address.kind() && bitsOf(base).slice(0, bits) === bitsOf(address).slice(0, bits);
}

/** Throws where Go's netip would refuse it too. */
export function parsePrefix(cidr: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (cidr.includes('/')) return ipaddr.parseCIDR(cidr);
  const address = ipaddr.parse(cidr);
  return [address, address.kind() === 'ipv6' ? 128 : 32];
}

function bitsOf(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return address
    .toByteArray()
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
}

/** `*` stands for characters of one label; a pattern of `*` alone for any name; a leading `**.` for labels before it. */
export function nameMatches({ matchName, matchPattern }: { matchName?: string; matchPattern?: string }, name: string) {
  const plain = (text: string) => text.toLowerCase().replace(/\.$/, '');
  if (matchName !== undefined) return plain(matchName) === plain(name);
  const pattern = plain(matchPattern ?? '');
  if (pattern === '*') return name !== '';
  const source = pattern
    .replaceAll('.', '[.]')
    .replace(/^\*\*\[\.\]/, '([-a-z0-9_]+[.])+')
    .replaceAll('*', '[-a-z0-9_]*');
  return new RegExp(`^${source}$`).test(plain(name));
}
