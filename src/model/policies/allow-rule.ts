import type { RawObject } from '../objects/row.ts';
import type { AskedPort } from './asked-ports.ts';
import { canonicalAddress } from './cidr.ts';
import { NAMESPACE_KEY } from './labels.ts';
import type { Direction, PolicyKind } from './rule.ts';

/** Whom a rule is to allow. */
export type AllowedPeer =
  | { type: 'pods'; namespace: string; labels: Readonly<Record<string, string>> }
  | { type: 'entities'; entities: readonly string[] }
  | { type: 'address'; ip: string }
  | { type: 'name'; name: string };

type Wanted = { direction: Direction /** Of the policy. */; namespace: string; peer: AllowedPeer; port: AskedPort };

/** One rule that allows one peer one port; undefined where the kind has no words for it. */
export function allowRule(kind: PolicyKind, wanted: Wanted): RawObject | undefined {
  return kind === 'NetworkPolicy' ? networkPolicyRule(wanted) : ciliumRule(kind, wanted);
}

/** A policy with this one rule. */
export function policyWith(
  kind: 'NetworkPolicy' | 'CiliumNetworkPolicy',
  { direction, namespace }: Pick<Wanted, 'direction' | 'namespace'>,
  name: string,
  labels: Readonly<Record<string, string>>,
  rule: RawObject,
): RawObject {
  const subject = Object.keys(labels).length === 0 ? {} : { matchLabels: labels };
  const metadata = { name, namespace };
  if (kind === 'CiliumNetworkPolicy')
    return { apiVersion: 'cilium.io/v2', kind, metadata, spec: { endpointSelector: subject, [direction]: [rule] } };
  const policyTypes = [direction === 'ingress' ? 'Ingress' : 'Egress'];
  const spec = { podSelector: subject, policyTypes, [direction]: [rule] };
  return { apiVersion: 'networking.k8s.io/v1', kind, metadata, spec };
}

function networkPolicyRule({ direction, namespace, peer, port }: Wanted): RawObject | undefined {
  const { port: number, protocol } = port;
  const key = direction === 'ingress' ? 'from' : 'to';
  const who = networkPolicyPeer(peer, namespace);
  if (!who || protocol === 'ICMP') return undefined;
  return { [key]: [who], ports: [{ port: number, protocol }] };
}

/** Nodes and the API server have no place in a NetworkPolicy (domain §7.4). */
function networkPolicyPeer(peer: AllowedPeer, namespace: string): RawObject | undefined {
  if (peer.type === 'address') return { ipBlock: { cidr: cidrOf(peer.ip) } };
  if (peer.type !== 'pods') return undefined;
  const podSelector = Object.keys(peer.labels).length === 0 ? {} : { matchLabels: peer.labels };
  if (peer.namespace === namespace) return { podSelector };
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': peer.namespace } }, podSelector };
}

function ciliumRule(kind: PolicyKind, { direction, namespace, peer, port }: Wanted): RawObject | undefined {
  const prefix = direction === 'ingress' ? 'from' : 'to';
  const own = kind === 'CiliumNetworkPolicy' ? namespace : '';
  const who = ciliumPeer(peer, prefix, own);
  if (!who) return undefined;
  const { port: number, protocol } = port;
  if (protocol === 'ICMP') return { ...who, icmps: [{ fields: [{ family: 'IPv4', type: number }] }] };
  return { ...who, toPorts: [{ ports: [{ port: String(number), protocol }] }] };
}

function ciliumPeer(peer: AllowedPeer, prefix: 'from' | 'to', own: string): RawObject | undefined {
  switch (peer.type) {
    case 'pods': {
      // Without a namespace it would mean the policy's own (domain §7.3).
      const where = peer.namespace === own ? {} : { [`k8s:${NAMESPACE_KEY}`]: peer.namespace };
      const labels = { ...where, ...peer.labels };
      return { [`${prefix}Endpoints`]: [Object.keys(labels).length === 0 ? {} : { matchLabels: labels }] };
    }
    case 'entities':
      return { [`${prefix}Entities`]: peer.entities };
    case 'address':
      return { [`${prefix}CIDR`]: [cidrOf(peer.ip)] };
    case 'name':
      return prefix === 'to' ? { toFQDNs: [{ matchName: peer.name }] } : undefined;
  }
}

function cidrOf(ip: string): string {
  const plain = canonicalAddress(ip) ?? ip;
  return `${plain}/${plain.includes(':') ? 128 : 32}`;
}
