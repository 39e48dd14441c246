// What the agent has learnt of the cluster: identities, services, nodes, addresses.
import { hex } from '../chance.ts';
import { isWrong } from '../lies.ts';
import { atLeast, getOf, listOf } from '../scene.ts';
import type { EndpointSlice, Identity, ServiceObject, Slice } from '../shapes.ts';
import { type AgentCommand, type Asked, document, listing, refusal } from './command.ts';
import { clusterNodes } from './status.ts';

export const clusterCommands: readonly AgentCommand[] = [
  {
    words: 'identity list',
    answer(asked) {
      const all = identities(asked);
      return listing(
        asked,
        all,
        ['ID', 'LABELS'],
        all.flatMap(({ id, labels }) => labels.map((label, index) => [index === 0 ? String(id) : '', label])),
      );
    },
  },
  {
    words: 'identity get',
    answer(asked) {
      const [id = ''] = asked.rest;
      const found = identities(asked).find((identity) => String(identity.id) === id);
      return found === undefined
        ? refusal(`Error: Cannot get identity for given ID ${id}: [GET /identity/{id}][404] getIdentityIdNotFound`)
        : document([found]);
    },
  },
  {
    words: 'service list',
    answer(asked) {
      const all = services(asked);
      const rows = all.map(({ spec }) => [
        String(spec.id),
        `${spec['frontend-address'].ip}:${spec['frontend-address'].port}/${spec['frontend-address'].protocol}`,
        spec.flags.type,
        spec['backend-addresses']
          .map((backend, index) => `${index + 1} => ${backend.ip}:${backend.port} (${backend.state})`)
          .join(', '),
      ]);
      return listing(asked, all, ['ID', 'Frontend', 'Service Type', 'Backend'], rows);
    },
  },
  {
    words: 'node list',
    answer(asked) {
      const all = clusterNodes(asked).map((node) => ({
        'health-endpoint-address': { ipv4: { enabled: true, ip: node.health }, ipv6: {} },
        name: node.name,
        'primary-address': { ipv4: { 'alloc-range': node.range, enabled: true, ip: node.ip }, ipv6: {} },
        'secondary-addresses': [],
        source: node.name === asked.pod.spec?.nodeName ? 'local' : 'custom-resource',
      }));
      const rows = all.map((node) => [
        node.name,
        node['primary-address'].ipv4.ip,
        node['primary-address'].ipv4['alloc-range'],
        node.source,
      ]);
      return listing(asked, all, ['Name', 'IPv4 Address', 'Endpoint CIDR', 'Source'], rows);
    },
  },
  {
    words: 'ip list',
    answer(asked) {
      const all = knownAddresses(asked).map((known) => ({
        cidr: `${known.ip}/32`,
        encryptKey: 0,
        hostIP: known.host,
        identity: known.identity,
        metadata: { name: known.name, namespace: known.namespace, source: known.source },
      }));
      return listing(
        asked,
        all,
        ['IP', 'IDENTITY', 'SOURCE'],
        all.map((entry) => [entry.cidr, String(entry.identity), entry.metadata.source]),
      );
    },
  },
];

/** An address and whose it is, as this agent believes. */
export type Known = { ip: string; identity: number; host: string; namespace: string; name: string; source: string };

/**
 * Own endpoints from the agent itself, others from the slices where the cluster has them, as agents learn them. An entry
 * that is missing or wrong in a slice is therefore missing or wrong here.
 */
export function knownAddresses(asked: Asked): Known[] {
  const own = asked.pod.status?.hostIP ?? '';
  const known = new Map<string, Known>();
  for (const node of clusterNodes(asked)) {
    known.set(node.ip, {
      ip: node.ip,
      identity: node.ip === own ? 1 : 6,
      host: '',
      namespace: '',
      name: node.name,
      source: 'custom-resource',
    });
  }
  for (const slice of listOf<Slice>(asked.scene, 'CiliumEndpointSlice')) {
    for (const endpoint of slice.endpoints ?? []) {
      const ip = endpoint.networking?.addressing?.[0]?.ipv4 ?? '';
      if (ip === '' || endpoint.networking?.node === own) continue;
      known.set(ip, {
        ip,
        identity: endpoint.id ?? 0,
        host: endpoint.networking?.node ?? '',
        namespace: slice.namespace ?? '',
        name: endpoint.name ?? '',
        source: 'custom-resource',
      });
    }
  }
  for (const endpoint of asked.scene.endpointsOn(asked.pod)) {
    const ip = endpoint.status?.networking?.addressing?.[0]?.ipv4 ?? '';
    if (ip === '') continue;
    known.set(ip, {
      ip,
      identity: endpoint.status?.identity?.id ?? 0,
      host: own,
      namespace: endpoint.metadata.namespace ?? '',
      name: endpoint.metadata.name,
      source: 'k8s',
    });
  }
  return isWrong(asked.scene, asked.pod, 'staleIpcache') ? outdated([...known.values()], own) : [...known.values()];
}

/** Of the pods on other nodes the first is taken for the second's identity of long ago, and the last is not known at all. */
function outdated(all: readonly Known[], own: string): Known[] {
  const remote = all.filter(
    ({ source, host, namespace }) => source === 'custom-resource' && host !== own && namespace !== '',
  );
  const sorted = remote.toSorted((a, b) => (a.ip < b.ip ? -1 : 1));
  const [first] = sorted;
  const other = sorted.find(({ identity }) => identity !== first?.identity);
  const last = sorted.at(-1);
  return all
    .filter((one) => one !== last || last === first)
    .map((one) => (one === first && other !== undefined ? { ...one, identity: other.identity } : one));
}

const reserved = [
  'unknown',
  'host',
  'world',
  'unmanaged',
  'health',
  'init',
  'remote-node',
  'kube-apiserver',
  'ingress',
];

function identities(asked: Asked): { id: number; labels: string[]; labelsSHA256: string }[] {
  const fixed = reserved
    .slice(1)
    .map((name, index) => ({ id: index + 1, labels: [`reserved:${name}`], labelsSHA256: hex(name, 64) }));
  const allocated = listOf<Identity>(asked.scene, 'CiliumIdentity').map((identity) => {
    const labels = Object.entries(identity['security-labels'] ?? {}).map(([key, value]) => `${key}=${value}`);
    return { id: Number(identity.metadata.name), labels: labels.sort(), labelsSHA256: hex(labels.join(';'), 64) };
  });
  return [...fixed, ...allocated].sort((a, b) => a.id - b.id);
}

/** Frontends with their backends, numbered from 1 in the order of the Services. */
export function services(asked: Asked) {
  const backends = new Map<string, EndpointSlice[]>();
  for (const slice of listOf<EndpointSlice>(asked.scene, 'EndpointSlice')) {
    const key = `${slice.metadata.namespace}/${slice.metadata.labels?.['kubernetes.io/service-name'] ?? ''}`;
    backends.set(key, [...(backends.get(key) ?? []), slice]);
  }
  // Before 1.17 a frontend is known by address and port alone: whoever comes second is left out (cilium#14287).
  const tellsApart = atLeast(asked.version, 17);
  const taken = new Map<string, string>();
  let id = 0;
  const gone = isWrong(asked.scene, asked.pod, 'staleBackends');
  let left = 0;
  const present = gone ? new Set(knownAddresses(asked).map((known) => known.ip)) : new Set<string>();
  return listOf<ServiceObject>(asked.scene, 'Service').flatMap((service) => {
    const { spec = {}, metadata } = service;
    if (spec.clusterIP === undefined || spec.clusterIP === '' || spec.clusterIP === 'None') return [];
    const slices = backends.get(`${metadata.namespace}/${metadata.name}`) ?? [];
    const here = asked.pod.spec?.nodeName;
    const isLocal = spec.externalTrafficPolicy === 'Local';
    const nodeAddress = asked.pod.status?.hostIP ?? '';
    return frontends(spec, nodeAddress, taken, tellsApart).map(({ port, ip, at, type }) => {
      id++;
      const addresses = slices.flatMap((slice) => {
        const target = slice.ports?.find((each) => (each.name ?? '') === (port.name ?? ''))?.port;
        if (target === undefined) return [];
        return (slice.endpoints ?? []).flatMap((endpoint) =>
          (endpoint.addresses ?? []).map((ip) => ({
            ip,
            nodeName: endpoint.nodeName,
            port: target,
            preferred: true,
            protocol: port.protocol ?? 'TCP',
            state: endpoint.conditions?.ready === false ? 'terminating' : 'active',
            weight: 100,
          })),
        );
      });
      const [some] = addresses;
      // What went while the API server was away: of a few services a pod.
      const missed = gone && some?.nodeName !== undefined && type === 'ClusterIP' && left++ < 3;
      const removed = missed && some ? [{ ...some, ip: formerAddress(some.ip, present) }] : [];
      const local = isLocal && type === 'NodePort';
      const spec2 = {
        'backend-addresses': local ? addresses.filter(({ nodeName }) => nodeName === here) : [...addresses, ...removed],
        flags: {
          extTrafficPolicy: spec.externalTrafficPolicy ?? 'Cluster',
          intTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
          name: metadata.name,
          namespace: metadata.namespace ?? '',
          type,
        },
        'frontend-address': {
          ip,
          port: at,
          protocol: port.protocol ?? 'TCP',
          scope: 'external',
        },
        id,
      };
      return { spec: spec2, status: { realized: spec2 } };
    });
  });
}

type ServicePort = NonNullable<NonNullable<ServiceObject['spec']>['ports']>[number];

/** Where a service is reached on this node: its cluster address, and its node ports. */
function frontends(
  spec: NonNullable<ServiceObject['spec']>,
  nodeAddress: string,
  taken: Map<string, string>,
  tellsApart: boolean,
): readonly { port: ServicePort; ip: string; at: number; type: string }[] {
  return (spec.ports ?? []).flatMap((port) => {
    const own = { port, ip: spec.clusterIP ?? '', at: port.port, type: 'ClusterIP' };
    if (!port.nodePort) return [own];
    const protocol = port.protocol ?? 'TCP';
    const key = `${nodeAddress}:${port.nodePort}${tellsApart ? `/${protocol}` : ''}`;
    if (taken.has(key)) return [own];
    taken.set(key, protocol);
    return [own, { port, ip: nodeAddress, at: port.nodePort, type: 'NodePort' }];
  });
}

/** Of a backend that was there before: an address beside this one's that nobody has. */
function formerAddress(ip: string, present: ReadonlySet<string>): string {
  const network = ip.slice(0, ip.lastIndexOf('.'));
  const free = Array.from({ length: 250 }, (_, index) => `${network}.${250 - index}`).find((one) => !present.has(one));
  return free ?? ip;
}

/** One named service's cluster address, '' where there is none. */
export function clusterAddress(asked: Asked, namespace: string, name: string): string {
  return getOf<ServiceObject>(asked.scene, 'Service', namespace, name)?.spec?.clusterIP ?? '';
}
