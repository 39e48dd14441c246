import { count, flag, list, owner, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { parseCidrOrAddress } from './cidr.ts';
import type { CidrGroup, NodeFacts, PodFacts, PolicyFacts, ServiceFacts } from './facts.ts';
import { isPodIdentity } from './identities.ts';
import { type Agent, type Modes, readModes } from './modes.ts';
import { readCiliumPolicy } from './read-cilium-policy.ts';
import { readNetworkPolicy } from './read-network-policy.ts';
import { readTieredPolicy, TIERED_KINDS } from './read-tiered-policy.ts';
import type { Policy, PolicyKind, PolicyRef, Protocol, Remark } from './rule.ts';

export type FactsOptions = {
  /** As written, '' where nobody knows. */
  version: string;
  dialect: Modes['dialect'];
  /** Read from a live cluster: what its DNS proxies have learned is not among it. */
  live?: boolean;
};

/**
 * Reads objects as the API server returns them, or as people write them. Kinds that have no part in a verdict are left
 * out. Two different objects of one name are a problem: which of them is meant nobody can tell.
 */
export function readFacts(objects: readonly RawObject[], options: FactsOptions): PolicyFacts {
  const problems: string[] = [];
  const byKind = sort(objects, problems);
  const of = (kind: string) => [...(byKind.get(kind)?.values() ?? [])];
  const config = byKind.get('ConfigMap')?.get('kube-system/cilium-config');
  const modes: Modes = {
    ...readModes(strings(record(config).data), options.version, options.dialect, of('DaemonSet').flatMap(agentOf)),
    namesKnown: options.live !== true,
  };
  const identities = new Map(of('CiliumIdentity').map((raw) => [nameOf(raw), strings(raw['security-labels'])]));
  const endpoints = byKind.get('CiliumEndpoint');
  const slices = Map.groupBy(of('EndpointSlice'), serviceOf);
  return {
    modes,
    pods: of('Pod').map((raw) => readPod(raw, endpoints?.get(`${namespaceOf(raw)}/${nameOf(raw)}`), identities)),
    namespaces: new Map(of('Namespace').map((raw) => [nameOf(raw), namespaceLabels(raw)])),
    nodes: of('Node').map(readNode),
    services: of('Service').map((raw) => readService(raw, slices.get(`${namespaceOf(raw)}/${nameOf(raw)}`))),
    groups: of('CiliumCIDRGroup').map(readGroup),
    policies: POLICY_KINDS.flatMap((kind) => of(kind).map((raw) => readPolicy(raw, kind, modes))),
    tiered: TIERED_KINDS.flatMap((kind) => of(kind).map((raw) => readTieredPolicy(raw, kind))),
    apiServers: (slices.get('default/kubernetes') ?? []).flatMap(addressesOf),
    problems,
  };
}

const POLICY_KINDS: readonly PolicyKind[] = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'];
const CLUSTERWIDE = ['Namespace', 'Node', 'CiliumCIDRGroup', 'CiliumIdentity', 'CiliumClusterwideNetworkPolicy'];

/** The key under which two objects are the same one: `Kind|namespace/name`. Objects of no namespace are in `default`. */
export function objectKey(raw: RawObject): string {
  return `${text(raw.kind)}|${namespaceOf(raw)}/${nameOf(raw)}`;
}

function sort(objects: readonly RawObject[], problems: string[]): Map<string, Map<string, RawObject>> {
  const byKind = new Map<string, Map<string, RawObject>>();
  for (const raw of objects) {
    const kind = text(raw.kind);
    const key = `${namespaceOf(raw)}/${nameOf(raw)}`;
    const known = byKind.get(kind) ?? new Map<string, RawObject>();
    byKind.set(kind, known);
    const before = known.get(key);
    if (before && JSON.stringify(before) !== JSON.stringify(raw))
      problems.push(`there are two different ${kind} ${key.replace(/^\//, '')}`);
    known.set(key, raw);
  }
  return byKind;
}

function namespaceOf(raw: RawObject): string {
  const kind = text(raw.kind);
  if (CLUSTERWIDE.includes(kind) || TIERED_KINDS.includes(kind)) return '';
  return text(record(raw.metadata).namespace) || 'default';
}

function nameOf(raw: RawObject): string {
  return text(record(raw.metadata).name);
}

function readPolicy(raw: RawObject, kind: PolicyKind, modes: Modes): Policy {
  const ref: PolicyRef = { kind, namespace: namespaceOf(raw), name: nameOf(raw) };
  const served = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2';
  if (raw.apiVersion !== served) {
    const rejected = [`apiVersion: ${kind} is served as ${served}, not ${text(raw.apiVersion) || 'without one'}`];
    return { ref, served: false, specs: [], rejected, doubt: '', remarks: annotationRemarks(raw) };
  }
  const policy = kind === 'NetworkPolicy' ? readNetworkPolicy(raw, ref, modes) : readCiliumPolicy(raw, ref, modes);
  const remarks = annotationRemarks(raw);
  return remarks.length === 0 ? policy : { ...policy, remarks: [...policy.remarks, ...remarks] };
}

/** Annotations of a widespread example; there never were such (domain §0). */
function annotationRemarks(raw: RawObject): readonly Remark[] {
  return Object.keys(record(record(raw.metadata).annotations))
    .filter((key) => key.startsWith('io.cilium.network-policy.k8s.io/'))
    .map((key) => ({
      id: 'seed-annotation',
      path: 'metadata.annotations',
      text: `Cilium knows no annotation ${text(key)}`,
    }));
}

function readPod(
  raw: RawObject,
  endpoint: RawObject | undefined,
  identities: ReadonlyMap<string, Readonly<Record<string, string>>>,
): PodFacts {
  const spec = record(raw.spec);
  const status = record(raw.status);
  const ips = list(status.podIPs, 4).map((one) => text(record(one).ip, 60));
  const identity = identityOf(endpoint, identities);
  return {
    namespace: namespaceOf(raw),
    name: nameOf(raw),
    labels: strings(record(raw.metadata).labels),
    serviceAccount: text(spec.serviceAccountName) || text(spec.serviceAccount) || 'default',
    ips: ips.length > 0 ? ips : [text(status.podIP, 60)].filter((ip) => ip !== ''),
    ports: containerPorts(spec).filter(({ name }) => name !== ''),
    declared: containerPorts(spec).map(({ port, protocol }) => ({ port, protocol })),
    workload: workloadOf(raw),
    hostNetwork: flag(spec.hostNetwork),
    node: text(spec.nodeName),
    ended: status.phase === 'Succeeded' || status.phase === 'Failed',
    ...(identity ? { identity } : {}),
  };
}

/** By the CiliumIdentity of the pod's endpoint, else by the labels the endpoint itself carries. */
function identityOf(
  endpoint: RawObject | undefined,
  identities: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Readonly<Record<string, string>> | undefined {
  const identity = record(record(endpoint?.status).identity);
  const labels = list(identity.labels).map((label) => text(label, 400));
  const found =
    identities.get(String(count(identity.id))) ??
    (labels.length > 0 ? Object.fromEntries(labels.map(splitLabel)) : undefined);
  // A pod that waits for its identity has reserved:init, and soon another one.
  return found && isPodIdentity(found) ? found : undefined;
}

function splitLabel(label: string): [string, string] {
  const equals = label.indexOf('=');
  return equals < 0 ? [label, ''] : [label.slice(0, equals), label.slice(equals + 1)];
}

/** A ReplicaSet is its Deployment's: its name is the Deployment's and the hash of the pod's template. */
function workloadOf(raw: RawObject): PodFacts['workload'] {
  const metadata = record(raw.metadata);
  const { kind, name } = owner(metadata);
  const hash = text(record(metadata.labels)['pod-template-hash']);
  // The kubelet's own pods are a node's.
  if (name === '' || kind === 'Node') return { kind: 'Pod', name: nameOf(raw) };
  if (kind !== 'ReplicaSet' || hash === '' || !name.endsWith(`-${hash}`)) return { kind, name };
  return { kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
}

function containerPorts(spec: RawObject): PodFacts['ports'] {
  // A sidecar is an init container that stays.
  const sidecars = list(spec.initContainers).filter((one) => record(one).restartPolicy === 'Always');
  return [...list(spec.containers), ...sidecars]
    .flatMap((container) => list(record(container).ports))
    .map(record)
    .map((port) => ({
      name: text(port.name, 63).toLowerCase(),
      port: count(port.containerPort),
      protocol: protocolOf(port.protocol),
    }))
    .filter(({ port }) => port > 0);
}

/** Of the system's namespace. */
function agentOf(raw: RawObject): readonly Agent[] {
  if (namespaceOf(raw) !== 'kube-system') return [];
  const spec = record(record(record(raw.spec).template).spec);
  return [{ name: nameOf(raw), containers: list(spec.containers).map((one) => text(record(one).name, 63)) }];
}

function readNode(raw: RawObject): NodeFacts {
  const addresses = list(record(raw.status).addresses, 50).map(record);
  return {
    name: nameOf(raw),
    labels: strings(record(raw.metadata).labels),
    ips: addresses.filter(({ type }) => type !== 'Hostname').map(({ address }) => text(address, 60)),
  };
}

/** The API server adds the name to every namespace's labels. */
function namespaceLabels(raw: RawObject): Readonly<Record<string, string>> {
  return { ...strings(record(raw.metadata).labels), 'kubernetes.io/metadata.name': nameOf(raw) };
}

function readService(raw: RawObject, slices: readonly RawObject[] | undefined): ServiceFacts {
  const spec = record(raw.spec);
  const ingress = list(record(record(raw.status).loadBalancer).ingress).map((one) => record(one).ip);
  const ips = [spec.clusterIP, ...list(spec.clusterIPs), ...list(spec.externalIPs), ...ingress];
  return {
    namespace: namespaceOf(raw),
    name: nameOf(raw),
    labels: strings(record(raw.metadata).labels),
    selector: strings(spec.selector),
    ips: [...new Set(ips.map((ip) => text(ip, 60)))].filter((ip) => ip !== '' && ip !== 'None'),
    outside: spec.type === 'LoadBalancer' || spec.type === 'NodePort' || list(spec.externalIPs).length > 0,
    ports: list(spec.ports)
      .map(record)
      .map((port) => ({
        port: count(port.port),
        protocol: protocolOf(port.protocol),
        targetPort: targetPort(port.targetPort) ?? count(port.port),
      })),
    backends: slices?.flatMap(addressesOf),
  };
}

function targetPort(value: unknown): number | string | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value !== '' ? text(value, 63).toLowerCase() : undefined;
}

function serviceOf(slice: RawObject): string {
  return `${namespaceOf(slice)}/${text(record(record(slice.metadata).labels)['kubernetes.io/service-name'])}`;
}

function addressesOf(slice: RawObject): readonly string[] {
  return list(slice.endpoints).flatMap((one) => list(record(one).addresses).map((address) => text(address, 60)));
}

function readGroup(raw: RawObject): CidrGroup {
  const cidrs = list(record(raw.spec).externalCIDRs, 100_000).flatMap((one) => parseCidrOrAddress(one) ?? []);
  return { name: nameOf(raw), labels: strings(record(raw.metadata).labels), cidrs };
}

function protocolOf(value: unknown): Protocol {
  return value === 'UDP' || value === 'SCTP' ? value : 'TCP';
}

function strings(value: unknown): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [key, one] of Object.entries(record(value))) kept[text(key, 400)] = text(one, 4_000);
  return kept;
}
