import type { ApiRule, PortRule, Spec } from './policies.ts';
import { type CidrRule, parsePrefix, type Selector } from './selectors.ts';

// What Cilium refuses to take (Rule.Validate of its policy API); one refused rule, and the whole policy is not there.

const ENTITIES =
  'all world world-ipv4 world-ipv6 cluster host init ingress unmanaged remote-node health none kube-apiserver';
const MEMBERS = ['Endpoints', 'CIDR', 'CIDRSet', 'Entities', 'Nodes', 'Groups', 'FQDNs', 'Services'];

export function isRejected(spec: Spec, namespace: string): boolean {
  const lists = [spec.ingress, spec.ingressDeny, spec.egress, spec.egressDeny];
  if (lists.every((list) => (list ?? []).length === 0)) return true;
  if ((spec.endpointSelector === undefined) === (spec.nodeSelector === undefined)) return true;
  if (spec.nodeSelector && namespace !== '') return true;
  if (spec.endpointSelector && isBadSelector(spec.endpointSelector)) return true;
  return (
    (spec.ingress ?? []).some((rule) => isBad(rule, true, false)) ||
    (spec.ingressDeny ?? []).some((rule) => isBad(rule, true, true)) ||
    (spec.egress ?? []).some((rule) => isBad(rule, false, false)) ||
    (spec.egressDeny ?? []).some((rule) => isBad(rule, false, true))
  );
}

function isBad(rule: ApiRule, ingress: boolean, deny: boolean): boolean {
  const list = <T>(name: string) => (rule[`${ingress ? 'from' : 'to'}${name}`] ?? []) as T[];
  const members = MEMBERS.filter((name) => list(name).length > 0);
  if (members.length > 1) return true;
  // enable-node-selector-labels is off.
  if (members[0] === 'Nodes') return true;
  if (list<Selector>('Endpoints').some(isBadSelector)) return true;
  if (list<string>('Entities').some((one) => !ENTITIES.split(' ').includes(one))) return true;
  if (list<string>('CIDR').some((one) => !parses(one)) || list<CidrRule>('CIDRSet').some(isBadCidr)) return true;
  const { toPorts = [], icmps = [] } = rule;
  if (toPorts.length > 0 && icmps.length > 0) return true;
  if (icmps.some(({ fields = [] }) => fields.length > 40)) return true;
  return toPorts.some((one) => isBadPorts(one, ingress, deny));
}

function isBadSelector({ matchExpressions = [] }: Selector): boolean {
  return matchExpressions.some(({ operator, values = [] }) => {
    const needs = operator === 'In' || operator === 'NotIn';
    return needs ? values.length === 0 : values.length > 0;
  });
}

function isBadCidr({ cidr, cidrGroupRef, cidrGroupSelector, except = [] }: CidrRule): boolean {
  if ([cidr, cidrGroupRef, cidrGroupSelector].filter((one) => one !== undefined).length !== 1) return true;
  if (cidr === undefined) return false;
  if (!cidr.includes('/') || !parses(cidr)) return true;
  const [base, bits] = parsePrefix(cidr);
  return except.some((one) => {
    if (!one.includes('/') || !parses(one)) return true;
    const [inner, length] = parsePrefix(one);
    return base.kind() !== inner.kind() || length < bits || !inner.match(base as never, bits);
  });
}

function parses(cidr: string): boolean {
  try {
    parsePrefix(cidr);
    return true;
  } catch {
    return false;
  }
}

function isBadPorts(
  { ports = [], rules, serverNames = [], terminatingTLS, listener }: PortRule,
  ingress: boolean,
  deny: boolean,
) {
  if (ports.length > 40) return true;
  if (ports.some(({ port }) => port === undefined || port === '' || isBadNumber(port))) return true;
  if (ports.some(({ protocol = 'ANY' }) => !['TCP', 'UDP', 'SCTP', 'ANY'].includes(protocol))) return true;
  if (deny) return false;
  // L7Rules.IsEmpty asks whether the lists are nil: one that is empty but there counts.
  const l7 = [rules?.http, rules?.dns, rules?.kafka, rules?.l7].some((list) => list !== undefined);
  if (ingress && listener) return true;
  if (serverNames.includes('')) return true;
  if (!rules || !l7) return false;
  const dns = (rules.dns ?? []).length > 0;
  if (ingress && dns) return true;
  if (serverNames.length > 0 && !terminatingTLS) return true;
  if (listener) return true;
  if (rules.dns !== undefined && ports.length === 0) return true;
  if (Object.keys(rules).length > 1) return true;
  return ports.some(
    ({ port, endPort = 0, protocol }) =>
      Number(port) === 0 ||
      (!dns && protocol !== 'TCP') ||
      (dns && !Number.isNaN(Number(port)) && endPort > Number(port)),
  );
}

function isBadNumber(port: string | number): boolean {
  const number = Number(port);
  return !Number.isNaN(number) && !(number >= 0 && number <= 65535);
}
