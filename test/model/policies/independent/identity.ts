import ipaddr from 'ipaddr.js';
import type { RawObject } from '../../../../src/model/objects/row.ts';

// Who the two ends of a question are, as labels with their sources: what Cilium's policy engine sees of them.

export type Label = { source: string; key: string; value: string };
export type End = {
  labels: readonly Label[];
  /** Has policies of its own: a pod that is not in its node's network, or the health endpoint. */
  enforced: boolean;
  namespace: string;
  /** Addresses that a CIDR may match; a pod's or a node's only where policy-cidr-match-mode says so. */
  addresses: readonly string[];
  /** A name for which the address was learned. */
  learned: string;
  ports: readonly { name: string; port: number; protocol: string }[];
  isHost: boolean;
};
export type Asked = { pod: string } | { ip: string } | { entity: string } | { fqdn: string; ip: string };

type Pod = {
  metadata: { namespace: string; name: string; labels?: Record<string, string> };
  spec: {
    nodeName?: string;
    hostNetwork?: boolean;
    serviceAccountName?: string;
    containers?: { ports?: { name?: string; containerPort: number; protocol?: string }[] }[];
  };
  status?: { podIP?: string };
};

export function endOf(asked: Asked, other: Asked, objects: readonly RawObject[]): End {
  if ('entity' in asked) return { ...entity(asked.entity), addresses: addressesOf(asked.entity, other, objects) };
  if ('fqdn' in asked) return { ...outside(asked.ip), learned: asked.fqdn };
  if ('ip' in asked) return outside(asked.ip);
  const pod = podOf(asked.pod, objects);
  if (!pod) throw new Error(`no such pod: ${asked.pod}`);
  if (pod.spec.hostNetwork) {
    const seenFrom = 'pod' in other ? podOf(other.pod, objects)?.spec.nodeName : undefined;
    const isHost = seenFrom === pod.spec.nodeName;
    return {
      ...entity(isHost ? 'host' : 'remote-node'),
      addresses: nodeAddresses(({ name }) => name === pod.spec.nodeName, objects),
    };
  }
  const { namespace, labels = {} } = pod.metadata;
  const named = objects.find((one) => one.kind === 'Namespace' && name(one) === namespace);
  const k8s = (key: string, value: string) => ({ source: 'k8s', key, value });
  return {
    labels: [
      ...Object.entries(labels).map(([key, value]) => k8s(key, value)),
      k8s('io.kubernetes.pod.namespace', namespace),
      ...Object.entries(namespaceLabels(named, namespace)).map(([key, value]) =>
        k8s(`io.cilium.k8s.namespace.labels.${key}`, value),
      ),
      k8s('io.cilium.k8s.policy.serviceaccount', pod.spec.serviceAccountName ?? 'default'),
      k8s('io.cilium.k8s.policy.cluster', configOf(objects)['cluster-name'] ?? 'default'),
    ],
    enforced: true,
    namespace,
    addresses: matchMode(objects).includes('pods') ? [pod.status?.podIP ?? ''] : [],
    learned: '',
    ports: (pod.spec.containers ?? []).flatMap(({ ports = [] }) =>
      ports.map((port) => ({
        name: (port.name ?? '').toLowerCase(),
        port: port.containerPort,
        protocol: port.protocol ?? 'TCP',
      })),
    ),
    isHost: false,
  };
}

export function configOf(objects: readonly RawObject[]): Record<string, string> {
  const map = objects.find((one) => one.kind === 'ConfigMap' && name(one) === 'cilium-config');
  return (map as { data?: Record<string, string> } | undefined)?.data ?? {};
}

/** The API server itself puts every namespace's name among its labels. */
function namespaceLabels(object: RawObject | undefined, namespace: string): Record<string, string> {
  const { labels = {} } = (object?.metadata ?? {}) as { labels?: Record<string, string> };
  return { 'kubernetes.io/metadata.name': namespace, ...labels };
}

function podOf(path: string, objects: readonly RawObject[]): Pod | undefined {
  return (objects as unknown as Pod[]).find(
    (one) => (one as unknown as RawObject).kind === 'Pod' && `${one.metadata.namespace}/${one.metadata.name}` === path,
  );
}

/** The host is the node of the pod at the other end, a remote node any other. */
function addressesOf(reserved: string, other: Asked, objects: readonly RawObject[]): string[] {
  const local = 'pod' in other ? podOf(other.pod, objects)?.spec.nodeName : undefined;
  if (reserved === 'host') return nodeAddresses(({ name }) => name === local, objects);
  return reserved === 'remote-node' ? nodeAddresses(({ name }) => name !== local, objects) : [];
}

/** None where CIDRs do not select nodes. */
function nodeAddresses(is: (node: { name: string }) => boolean, objects: readonly RawObject[]): string[] {
  if (!matchMode(objects).includes('nodes')) return [];
  return objects
    .filter((one) => one.kind === 'Node' && is(one.metadata as { name: string }))
    .flatMap((one) => (one.status as { addresses: { address: string }[] }).addresses)
    .map(({ address }) => address);
}

function matchMode(objects: readonly RawObject[]): string {
  return configOf(objects)['policy-cidr-match-mode'] ?? '';
}

function name(object: RawObject): unknown {
  return (object.metadata as { name?: unknown } | undefined)?.name;
}

function entity(reserved: string): End {
  return {
    labels: [{ source: 'reserved', key: reserved, value: '' }],
    enforced: reserved === 'health',
    namespace: '',
    addresses: [],
    learned: '',
    ports: [],
    isHost: reserved === 'host',
  };
}

function outside(ip: string): End {
  const world = ipaddr.parse(ip).kind() === 'ipv6' ? 'world-ipv6' : 'world-ipv4';
  const labels = ['world', world].map((key) => ({ source: 'reserved', key, value: '' }));
  return { ...entity('world'), labels, addresses: [ip] };
}
