import { type Address, canonicalAddress, parseAddress } from './cidr.ts';
import type { NodeFacts, PodFacts, PolicyFacts, ServiceFacts } from './facts.ts';
import { type EndpointClass, type Identities, nodeLabels } from './identities.ts';
import { type IdentityLabels, reservedLabels } from './labels.ts';

/** One end of a connection, as asked for. */
export type Peer =
  | { pod: string }
  | { ip: string }
  | { entity: string }
  /** Without an address: a name nobody has resolved yet. */
  | { fqdn: string; ip?: string };

/** One end of a connection, found in the cluster. */
export type End =
  | { type: 'pod'; pod: PodFacts; class: EndpointClass }
  /** A node itself, or a pod of its network; undefined = one that is not named. `which` is said where it is not. */
  | { type: 'node'; node: NodeFacts | undefined; which: 'host' | 'remote-node' | undefined }
  | { type: 'world'; ip: string; names: readonly string[] }
  | { type: 'entity'; entity: 'kube-apiserver' | 'health' | 'init' | 'ingress' | 'unmanaged' }
  | { type: 'service'; service: ServiceFacts };

export type Ends = { find(peer: Peer): End | string };

const ENTITIES = ['kube-apiserver', 'health', 'init', 'ingress', 'unmanaged'] as const;

/** Finds ends by name and by address; the answer is a sentence where there is none. */
export function createEnds(facts: PolicyFacts, identities: Identities): Ends {
  let known: Places | undefined;
  let knownNodes: ReadonlyMap<string, NodeFacts> | undefined;
  const nodes = () => {
    knownNodes ??= new Map(facts.nodes.map((node) => [node.name, node]));
    return knownNodes;
  };
  // Of 100,000 pods nobody may ever ask for one by its address.
  const places = () => {
    known ??= placesOf(facts);
    return known;
  };

  /** By name within its namespace, where anybody asks for one of that. */
  const byNamespace = new Map<string, ReadonlyMap<string, PodFacts>>();
  let namespaces: ReadonlyMap<string, readonly PodFacts[]> | undefined;

  function named(full: string): PodFacts | undefined {
    const at = full.indexOf('/');
    if (at < 0) return undefined;
    const namespace = full.slice(0, at);
    let pods = byNamespace.get(namespace);
    if (!pods) {
      namespaces ??= Map.groupBy(facts.pods, (pod) => pod.namespace);
      pods = new Map(namespaces.get(namespace)?.map((pod) => [pod.name, pod]));
      byNamespace.set(namespace, pods);
    }
    return pods.get(full.slice(at + 1));
  }

  function ofPod(pod: PodFacts): End {
    const found = identities.classOf(pod);
    if (found) return { type: 'pod', pod, class: found };
    const node = nodes().get(pod.node) ?? { name: pod.node, labels: {}, ips: pod.ips };
    return { type: 'node', node, which: undefined };
  }

  function ofAddress(text: string, names: readonly string[]): End | string {
    const ip = canonicalAddress(text);
    if (ip === undefined) return `"${text}" is no address`;
    const { podByIp, nodeByIp, serviceByIp } = places();
    const pod = podByIp.get(text) ?? podByIp.get(ip);
    if (pod) return ofPod(pod);
    const node = nodeByIp.get(text) ?? nodeByIp.get(ip);
    if (node) return { type: 'node', node, which: undefined };
    const service = serviceByIp.get(text) ?? serviceByIp.get(ip);
    return service ? { type: 'service', service } : { type: 'world', ip, names };
  }

  return {
    find(peer) {
      if ('pod' in peer) {
        const pod = named(peer.pod);
        return pod ? ofPod(pod) : `there is no pod ${peer.pod}`;
      }
      if ('fqdn' in peer) {
        return peer.ip === undefined ? { type: 'world', ip: '', names: [peer.fqdn] } : ofAddress(peer.ip, [peer.fqdn]);
      }
      if ('ip' in peer) return ofAddress(peer.ip, []);
      const { entity } = peer;
      if (entity === 'host' || entity === 'remote-node') return { type: 'node', node: undefined, which: entity };
      if (entity === 'world') return { type: 'world', ip: '', names: [] };
      const found = ENTITIES.find((one) => one === entity);
      return found ? { type: 'entity', entity: found } : `there is no entity ${entity}`;
    },
  };
}

type Places = {
  podByIp: ReadonlyMap<string, PodFacts>;
  nodeByIp: ReadonlyMap<string, NodeFacts>;
  serviceByIp: ReadonlyMap<string, ServiceFacts>;
};

function placesOf(facts: PolicyFacts): Places {
  const podByIp = new Map<string, PodFacts>();
  const nodeByIp = new Map<string, NodeFacts>();
  const serviceByIp = new Map<string, ServiceFacts>();
  for (const node of facts.nodes) for (const ip of node.ips) nodeByIp.set(ip, node);
  for (const service of facts.services) for (const ip of service.ips) serviceByIp.set(ip, service);
  for (const pod of facts.pods) {
    if (!pod.hostNetwork && !pod.ended) for (const ip of pod.ips) podByIp.set(ip, pod);
  }
  return { podByIp, nodeByIp, serviceByIp };
}

/** Who the other end is in the eyes of a policy. */
export type PeerIdentity = {
  labels: IdentityLabels;
  /** Named ports are those of a pod. */
  class: EndpointClass | undefined;
  /** Addresses by which a CIDR may know it; none of several = it is one of these, or not said. */
  addresses: readonly Address[];
  kind: 'pod' | 'node' | 'world' | 'other';
  /** Names that led to the address; unresolved where there is no address yet. */
  names: readonly string[];
  host: boolean;
};

/**
 * What an end is to a pod on `node`: a node's network is `host` on the pod's own node and `remote-node` on any other
 * (domain §7.1.2). A name here for what is neither is a sentence.
 */
export function identityOf(end: End, node: string, facts: PolicyFacts): PeerIdentity | string {
  const { modes } = facts;
  // Nobody asks for a pod's otherwise, and there are many pods.
  const asked = modes.cidrMatchesPods || modes.dialect === 'generic';
  const base = { class: undefined, names: [], host: false } as const;
  switch (end.type) {
    case 'pod':
      return {
        ...base,
        kind: 'pod',
        labels: end.class.labels,
        class: end.class,
        addresses: asked ? addresses(end.pod.ips) : [],
      };
    case 'node': {
      const local = end.which === 'host' || (end.which === undefined && end.node?.name === node);
      const candidates = end.node ? [end.node] : facts.nodes.filter(({ name }) => (name === node) === local);
      const ips = addresses(candidates.flatMap((one) => one.ips));
      if (local) return { ...base, kind: 'node', labels: reservedLabels('host'), addresses: ips, host: true };
      return { ...base, kind: 'node', labels: remoteNode(end.node, facts), addresses: ips };
    }
    case 'world': {
      const [address] = addresses([end.ip]);
      const name = facts.modes.dualStack && address ? `world-${address.length === 4 ? 'ipv4' : 'ipv6'}` : 'world';
      return {
        ...base,
        kind: 'world',
        labels: reservedLabels(name),
        addresses: address ? [address] : [],
        names: end.names,
      };
    }
    case 'entity':
      if (end.entity === 'kube-apiserver') return apiServer(facts);
      return { ...base, kind: 'other', labels: reservedLabels(end.entity), addresses: [] };
    case 'service':
      return 'a service is not an end of a connection';
  }
}

function addresses(ips: readonly string[]): readonly Address[] {
  return ips.map(parseAddress).filter((address) => address !== undefined);
}

function remoteNode(node: NodeFacts | undefined, { modes }: PolicyFacts): IdentityLabels {
  const { of } = reservedLabels('remote-node');
  if (!modes.nodeSelectorLabels) return { of, unknownPrefix: '' };
  return { of: new Map([...of, ...(node ? nodeLabels(node) : [])]), unknownPrefix: node ? '' : 'node:' };
}

/**
 * On some other node where nothing says otherwise; outside the cluster where its addresses are known to be no node's, as
 * on AKS (domain §7.1.2: "in addition to remote-node or a CIDR identity").
 */
function apiServer(facts: PolicyFacts): PeerIdentity {
  const own = new Set(facts.nodes.flatMap(({ ips }) => ips));
  const outside = facts.apiServers.length > 0 && facts.apiServers.every((ip) => !own.has(ip));
  const known = outside ? addresses(facts.apiServers) : [];
  const labels = reservedLabels('kube-apiserver', outside ? 'world' : 'remote-node');
  return { kind: outside ? 'world' : 'node', labels, class: undefined, addresses: known, names: [], host: false };
}
