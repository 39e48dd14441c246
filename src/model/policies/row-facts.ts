// What verdicts rest on, of the rows of a cluster: one function for each kind. Objects from files become rows, too, so
// that there is one reading of each field.
import { createIntern } from '../intern.ts';
import type { CiliumEndpointRow } from '../objects/cilium-endpoint.ts';
import { transport } from '../objects/container-ports.ts';
import type { NodeRow } from '../objects/node.ts';
import type {
  CiliumCidrGroupRow,
  EndpointSliceRow,
  NamespaceRow,
  PolicyRow,
  ServiceRow,
  WorkloadRow,
} from '../objects/others.ts';
import type { PodRow } from '../objects/pod.ts';
import { record, text } from '../objects/raw.ts';
import type { Labels, RawObject } from '../objects/row.ts';
import { parseCidrOrAddress } from './cidr.ts';
import type { CidrGroup, NodeFacts, PodFacts, ServiceFacts } from './facts.ts';
import { isPodIdentity } from './identities.ts';
import type { Agent, Modes } from './modes.ts';
import { readCiliumPolicy } from './read-cilium-policy.ts';
import { readNetworkPolicy } from './read-network-policy.ts';
import type { Policy, PolicyKind, PolicyRef, Remark } from './rule.ts';

/** Reads pods; what many of them share is one object. */
export function createPodReader(): (row: PodRow, identity: Labels | undefined) => PodFacts {
  const intern = createIntern();
  const known = new WeakMap<PodRow['ports'], Pick<PodFacts, 'ports' | 'declared'>>();
  const portsOf = (ports: PodRow['ports']) => {
    const found = known.get(ports) ?? {
      ports: ports.filter(({ name }) => name !== ''),
      declared: ports.map(({ port, protocol }) => ({ port, protocol })),
    };
    known.set(ports, found);
    return found;
  };
  return (row, identity) => {
    const { kind, name } = workloadOf(row);
    const { ports, declared } = portsOf(row.ports);
    return {
      namespace: row.namespace,
      name: row.name,
      labels: row.labels,
      serviceAccount: row.serviceAccount || 'default',
      ips: row.ips.length > 0 || row.ip === '' ? row.ips : [row.ip],
      ports,
      declared,
      workload: kind === 'Pod' ? { kind, name } : intern.same(`${kind}/${name}`, { kind, name }),
      hostNetwork: row.hostNetwork,
      node: row.node,
      ended: row.phase === 'Succeeded' || row.phase === 'Failed',
      ...(identity ? { identity } : {}),
    };
  };
}

/** By the CiliumIdentity of the pod's endpoint, else by the labels that the endpoint itself carries. */
export function podIdentity(
  endpoint: CiliumEndpointRow | undefined,
  labelsOf: (identity: number) => Labels | undefined,
): Labels | undefined {
  if (!endpoint) return undefined;
  const found = labelsOf(endpoint.identity) ?? endpoint.identityLabels;
  // A pod that waits for its identity has reserved:init, and soon another one.
  return isPodIdentity(found) ? found : undefined;
}

/** Those of the system's namespace. */
export function agentsOf(sets: readonly WorkloadRow[]): readonly Agent[] {
  return sets
    .filter(({ namespace }) => namespace === 'kube-system')
    .map(({ name, images }) => ({ name, containers: images.map((image) => image.split('=')[0] ?? '') }));
}

export function nodeFacts({ name, labels, addresses }: NodeRow): NodeFacts {
  return { name, labels, ips: addresses };
}

/** The API server adds the name to every namespace's labels. */
export function namespaceLabels({ name, labels }: NamespaceRow): Labels {
  return { ...labels, 'kubernetes.io/metadata.name': name };
}

/** `slices` are those of this service; undefined = there are none. */
export function serviceFacts(row: ServiceRow, slices: readonly EndpointSliceRow[] | undefined): ServiceFacts {
  const { namespace, name, labels, selector, ips, outside } = row;
  const ports = row.ports.map(({ port, protocol, targetPort }) => ({
    port,
    protocol: transport(protocol),
    targetPort: /^\d*$/.test(targetPort) ? Number(targetPort) || port : targetPort.toLowerCase(),
  }));
  return { namespace, name, labels, selector, ips, outside, ports, backends: slices?.flatMap(addressesOf) };
}

export function addressesOf({ endpoints }: EndpointSliceRow): readonly string[] {
  return endpoints.flatMap(({ ip, more }) => (ip === '' ? more : [ip, ...more]));
}

export function groupFacts({ name, labels, cidrs }: CiliumCidrGroupRow): CidrGroup {
  return { name, labels, cidrs: cidrs.flatMap((one) => parseCidrOrAddress(one) ?? []) };
}

/** `served` = not under a version that the API server does not know; what lies there it has taken. */
export function policyFacts(row: PolicyRow, kind: PolicyKind, modes: Modes, served = true): Policy {
  const ref: PolicyRef = { kind, namespace: row.namespace, name: row.name };
  const remarks = annotationRemarks(row.body);
  if (!served) {
    const version = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2';
    const rejected = [`apiVersion: ${kind} is served as ${version}, not ${text(row.body.apiVersion) || 'without one'}`];
    return { ref, served: false, specs: [], rejected, doubt: '', remarks };
  }
  if (modes.switchedOff.includes(kind)) {
    const rejected = [`cilium-config: the agents are told not to look at any ${kind}`];
    return { ref, served: true, specs: [], rejected, doubt: '', remarks };
  }
  const read = kind === 'NetworkPolicy' ? readNetworkPolicy : readCiliumPolicy;
  const policy = read(row.body, ref, modes);
  return remarks.length === 0 ? policy : { ...policy, remarks: [...policy.remarks, ...remarks] };
}

/** Annotations of a widespread example; there never were such (domain §0). */
function annotationRemarks(body: RawObject): readonly Remark[] {
  return Object.keys(record(record(body.metadata).annotations))
    .filter((key) => key.startsWith('io.cilium.network-policy.k8s.io/'))
    .map((key) => ({
      id: 'seed-annotation',
      path: 'metadata.annotations',
      text: `Cilium knows no annotation ${text(key)}`,
    }));
}

/** A ReplicaSet is its Deployment's: its name is the Deployment's and the hash of the pod's template. */
function workloadOf({ ownerKind: kind, ownerName, name, labels }: PodRow): PodFacts['workload'] {
  // The kubelet's own pods are a node's.
  if (ownerName === '' || kind === 'Node') return { kind: 'Pod', name };
  const hash = labels['pod-template-hash'] ?? '';
  if (kind !== 'ReplicaSet' || hash === '' || !ownerName.endsWith(`-${hash}`)) return { kind, name: ownerName };
  return { kind: 'Deployment', name: ownerName.slice(0, -hash.length - 1) };
}
