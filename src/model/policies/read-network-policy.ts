// networking.k8s.io/v1 NetworkPolicy, as Cilium reads it (domain §7.2).
import { text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { covers, parseCidr, rangeText } from './cidr.ts';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from './labels.ts';
import { lastPort, type Modes } from './modes.ts';
import {
  isPortName,
  listAt,
  noteIgnoredRange,
  noteUnknownFields,
  objectAt,
  problemAt,
  type Reading,
  selectorAt,
} from './reading.ts';
import type { Direction, Peer, Policy, PolicyRef, PortRule, Protocol, Rule } from './rule.ts';
import { kubernetesKey, type Requirement, selectorOf } from './selector.ts';

/** Never throws: what cannot be in force says why under `rejected`. */
export function readNetworkPolicy(raw: RawObject, ref: PolicyRef, modes: Modes): Policy {
  const reading: Reading = { problems: [], remarks: [] };
  const spec = objectAt(raw.spec, 'spec', reading);
  noteUnknownFields(spec, ['podSelector', 'policyTypes', 'ingress', 'egress'], 'spec', reading);
  const subject = [...podRequirements(spec.podSelector ?? {}, 'spec.podSelector', reading), inNamespace(ref.namespace)];
  const rules = (['ingress', 'egress'] as const).flatMap((one) => readDirection(one, spec, ref, modes, reading));
  const rejected = reading.problems;
  if (rejected.length > 0) return { ref, served: true, specs: [], rejected, doubt: '', remarks: reading.remarks };
  const selector = selectorOf(subject);
  const specs = [{ policy: ref, path: 'spec', subject: { type: 'pods', selector, text: selector.id }, rules } as const];
  return { ref, served: true, specs, rejected, doubt: '', remarks: reading.remarks };
}

function readDirection(
  direction: Direction,
  spec: RawObject,
  policy: PolicyRef,
  modes: Modes,
  reading: Reading,
): readonly Rule[] {
  const types = listAt(spec.policyTypes, 'spec.policyTypes', reading);
  for (const type of types) {
    if (type !== 'Ingress' && type !== 'Egress') problemAt(reading, 'spec.policyTypes')(`"${String(type)}" is no type`);
  }
  const written = listAt(spec[direction], `spec.${direction}`, reading);
  const isolates = isolatesIn(direction, types, written.length);
  const outside = types.length > 0 && !isolates;
  if (written.length > 0 && outside) {
    const path = `spec.${direction}`;
    const type = direction === 'ingress' ? 'Ingress' : 'Egress';
    const says = `policyTypes leaves ${type} out; Cilium takes the ${direction} rules all the same, other networks do not`;
    reading.remarks.push({ id: 'outside-policy-types', path, text: says });
  }
  const base = { policy, direction, deny: false, defaultDeny: true, authentication: '', requires: false } as const;
  if (written.length === 0) {
    return isolates ? [{ ...base, path: '', peers: [], ports: 'all', doubt: '', outsidePolicyTypes: false }] : [];
  }
  return written.map((one, index) => {
    const path = `${direction}[${index}]`;
    const rule = objectAt(one, `spec.${path}`, reading);
    const peersKey = direction === 'ingress' ? 'from' : 'to';
    noteUnknownFields(rule, [peersKey, 'ports'], `spec.${path}`, reading);
    const peers = listAt(rule[peersKey], `spec.${path}.${peersKey}`, reading);
    const doubts: string[] = [];
    const ports = readPorts(rule.ports, `spec.${path}.ports`, modes, doubts, reading);
    return {
      ...base,
      path,
      // No peers, or an empty list of them, is everybody: the world and the nodes as well.
      peers:
        peers.length === 0
          ? [{ type: 'any' }]
          : peers.map((peer, at) =>
              readPeer(peer, `spec.${path}.${peersKey}[${at}]`, policy.namespace, modes, reading),
            ),
      ports,
      doubt: doubts.join('; '),
      outsidePolicyTypes: outside,
    };
  });
}

/** As the API server fills policyTypes in, and as Cilium reads them where it has not. */
function isolatesIn(direction: Direction, types: readonly unknown[], rules: number): boolean {
  if (direction === 'egress') return types.length === 0 ? rules > 0 : types.includes('Egress');
  return types.length === 0 || types.includes('Ingress');
}

function readPeer(raw: unknown, path: string, namespace: string, modes: Modes, reading: Reading): Peer {
  const peer = objectAt(raw, path, reading);
  const problem = problemAt(reading, path);
  noteUnknownFields(peer, ['podSelector', 'namespaceSelector', 'ipBlock'], path, reading);
  const { podSelector, namespaceSelector, ipBlock } = peer;
  if (ipBlock != null) {
    if (podSelector != null || namespaceSelector != null) problem('ipBlock cannot stand beside a selector');
    return readBlock(objectAt(ipBlock, `${path}.ipBlock`, reading), `${path}.ipBlock`, reading);
  }
  if (podSelector == null && namespaceSelector == null) problem('must specify a peer');
  const pods = podSelector == null ? [] : podRequirements(podSelector, `${path}.podSelector`, reading);
  const where =
    namespaceSelector == null
      ? [inNamespace(namespace)]
      : namespaceRequirements(namespaceSelector, `${path}.namespaceSelector`, reading);
  // To Cilium the world has no label of a namespace either, and NotIn matches that; Kubernetes means pods only.
  const onlyPods = modes.dialect === 'generic' ? [ANY_NAMESPACE] : ownCluster(pods, modes);
  const selector = selectorOf([...where, ...pods, ...onlyPods]);
  return { type: 'labels', selector, text: selector.id };
}

function podRequirements(raw: unknown, path: string, reading: Reading): Requirement[] {
  return selectorAt(raw, kubernetesKey, path, reading);
}

/** `{}` is every namespace, that is, every pod of the cluster; not the nodes, not the world. */
function namespaceRequirements(raw: unknown, path: string, reading: Reading): Requirement[] {
  const keyOf = (key: string) => kubernetesKey(`${NAMESPACE_LABELS_PREFIX}${key}`);
  const requirements = selectorAt(raw, keyOf, path, reading);
  return requirements.length > 0 ? requirements : [ANY_NAMESPACE];
}

const ANY_NAMESPACE: Requirement = { ...kubernetesKey(NAMESPACE_KEY), operator: 'Exists', values: [] };

/** Where peers are of the own cluster unless they say otherwise, that also leaves out the world. */
function ownCluster(pods: readonly Requirement[], { ownClusterOnly, clusterName }: Modes): Requirement[] {
  if (!ownClusterOnly || pods.some(({ key }) => key === CLUSTER_KEY)) return [];
  return [{ ...kubernetesKey(CLUSTER_KEY), operator: 'In', values: [clusterName] }];
}

function inNamespace(namespace: string): Requirement {
  return { ...kubernetesKey(NAMESPACE_KEY), operator: 'In', values: [namespace] };
}

function readBlock(block: RawObject, path: string, reading: Reading): Peer {
  const problem = problemAt(reading, path);
  noteUnknownFields(block, ['cidr', 'except'], path, reading);
  const cidr = parseCidr(block.cidr);
  if (!cidr) problem(`"${text(block.cidr)}" is no CIDR`);
  const except = listAt(block.except, `${path}.except`, reading).flatMap((one) => {
    const range = parseCidr(one);
    if (!range) problem(`except: "${text(one)}" is no CIDR`);
    else if (cidr && (!covers(cidr, range) || cidr.bits === range.bits))
      problem(`except: ${range.text} does not lie within ${cidr.text}`);
    return range ?? [];
  });
  if (!cidr) return { type: 'nobody', text: 'an ipBlock that is none' };
  return { type: 'addresses', cidr, except, block: true, text: rangeText(cidr.text, except) };
}

/** No ports, or an empty list of them, is every port of every protocol. */
function readPorts(
  raw: unknown,
  path: string,
  modes: Modes,
  doubts: string[],
  reading: Reading,
): 'all' | readonly PortRule[] {
  const ports = listAt(raw, path, reading);
  if (ports.length === 0) return 'all';
  return ports.map((port, index) => readPort(port, `${path}[${index}]`, modes, doubts, reading));
}

function readPort(raw: unknown, path: string, modes: Modes, doubts: string[], reading: Reading): PortRule {
  const written = objectAt(raw, path, reading);
  const problem = problemAt(reading, path);
  noteUnknownFields(written, ['protocol', 'port', 'endPort'], path, reading);
  const { port, endPort } = written;
  const protocol = written.protocol ?? 'TCP';
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') problem(`protocol "${text(protocol)}" is none`);
  const base = { type: 'transport', protocols: [protocol as Protocol], l7: undefined } as const;
  if (typeof port === 'string') {
    if (!isPortName(port) || port !== port.toLowerCase()) problem(`"${text(port)}" is no port name`);
    if (endPort != null) problem('endPort may not stand beside a port name');
    return { ...base, port: 0, endPort: 0, name: port };
  }
  if (port == null) {
    if (endPort != null) problem('endPort needs a port');
    return { ...base, port: 0, endPort: 65_535, name: '' };
  }
  if (!isPortNumber(port)) problem(`port ${text(port)} is not between 1 and 65535`);
  if (endPort != null && (!isPortNumber(endPort) || Number(endPort) < Number(port)))
    problem(`endPort ${text(endPort)} must be a number not below port`);
  const last = lastPort(Number(port), Number(endPort ?? 0), modes, doubts);
  noteIgnoredRange(Number(endPort ?? 0), last, path, reading);
  return { ...base, port: Number(port), endPort: last, name: '' };
}

function isPortNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}
