// The BPF maps of a node as `cilium-dbg bpf … list` prints them.
import { chanceBetween, pick } from '../chance.ts';
import { dropCounters } from '../drops.ts';
import { endpointWithoutMap } from '../lies.ts';
import type { Endpoint } from '../shapes.ts';
import { clusterAddress, knownAddresses, services } from './cluster.ts';
import { type AgentCommand, type Asked, columns, document, listing } from './command.ts';

export const mapCommands: readonly AgentCommand[] = [
  {
    words: 'bpf ipcache list',
    answer(asked) {
      const own = asked.pod.status?.hostIP ?? '';
      const entries = knownAddresses(asked).map((known): [string, string] => [
        `${known.ip}/32`,
        `identity=${known.identity} encryptkey=0 tunnelendpoint=${known.host === own || known.host === '' ? '0.0.0.0' : known.host} flags=<none>`,
      ]);
      entries.unshift(['0.0.0.0/0', 'identity=2 encryptkey=0 tunnelendpoint=0.0.0.0 flags=<none>']);
      return listing(
        asked,
        Object.fromEntries(entries.map(([cidr, text]) => [cidr, [text]])),
        ['IP PREFIX/ADDRESS', 'IDENTITY'],
        entries,
      );
    },
  },
  {
    words: 'bpf policy get',
    answer(asked) {
      const all = asked.flags.has('all');
      const endpoints = asked.scene
        .endpointsOn(asked.pod)
        .filter((endpoint) => all || String(endpoint.status?.id) === asked.rest[0]);
      const [only] = endpoints;
      if (all && asked.json) return document(endpoints.map((endpoint) => policyMap(asked, endpoint)));
      if (only === undefined && !all) return { stderr: `Failed to open map: no such file or directory\n`, exitCode: 1 };
      const entries = endpoints.flatMap((endpoint) => policyEntries(asked, endpoint));
      const rows = entries.map((entry) => [
        entry.deny ? 'Deny' : 'Allow',
        entry.direction === 'ingress' ? 'Ingress' : 'Egress',
        String(entry.identity),
        entry.port === 0 ? 'ANY' : `${entry.port}/${entry.protocol}`,
        'NONE',
        String(entry.bytes),
        String(entry.packets),
      ]);
      const header = ['POLICY', 'DIRECTION', 'IDENTITY', 'PORT/PROTO', 'PROXY PORT', 'BYTES', 'PACKETS'];
      return listing(asked, entries.map(policyEntry), header, rows);
    },
  },
  {
    words: 'bpf ct list',
    answer(asked) {
      const entries = connections(asked);
      if (asked.json) return document(entries);
      return {
        stdout: columns(
          entries.map((entry) => [
            entry.protocol,
            `OUT ${entry.source}:${entry.sourcePort} -> ${entry.destination}:${entry.destinationPort}`,
            `expires=${entry.expires} Packets=${entry.packets} Bytes=${entry.bytes} SourceSecurityID=${entry.sourceIdentity}`,
          ]),
        ),
      };
    },
  },
  {
    words: 'bpf nat list',
    answer(asked) {
      return asked.json ? document([]) : { stdout: '' };
    },
  },
  {
    words: 'bpf lb list',
    answer(asked) {
      const all = services(asked).map(({ spec }): [string, string[]] => [
        `${spec['frontend-address'].ip}:${spec['frontend-address'].port}/${spec['frontend-address'].protocol} (0)`,
        [
          `0.0.0.0:0 (${spec.id}) (0) [${spec.flags.type}]`,
          ...spec['backend-addresses'].map(
            (backend, index) => `${backend.ip}:${backend.port} (${spec.id}) (${index + 1})`,
          ),
        ],
      ]);
      const rows = all.flatMap(([frontend, backends]) =>
        backends.map((backend, index) => [index === 0 ? frontend : '', backend]),
      );
      return listing(asked, Object.fromEntries(all), ['SERVICE ADDRESS', 'BACKEND ADDRESS (REVNAT_ID) (SLOT)'], rows);
    },
  },
  {
    words: 'bpf metrics list',
    answer(asked) {
      const counters = dropCounters(asked.scene, asked.pod);
      const rows = counters.map((each) => [each.reason, each.direction, String(each.packets), String(each.bytes)]);
      return listing(asked, counters, ['REASON', 'DIRECTION', 'PACKETS', 'BYTES'], rows);
    },
  },
  {
    words: 'bpf endpoint list',
    answer(asked) {
      const all = asked.scene
        .endpointsOn(asked.pod)
        .map((endpoint): [string, string] => [
          `${endpoint.status?.networking?.addressing?.[0]?.ipv4}:0`,
          `id=${endpoint.status?.id} sec_id=${endpoint.status?.identity?.id} flags=0x0000 ifindex=${20 + ((endpoint.status?.id ?? 0) % 200)}`,
        ]);
      return listing(
        asked,
        Object.fromEntries(all.map(([address, text]) => [address, [text]])),
        ['IP ADDRESS', 'LOCAL ENDPOINT INFO'],
        all,
      );
    },
  },
  {
    words: 'map list',
    answer(asked) {
      const maps = mapCounts(asked);
      const value = {
        maps: maps.map(({ name, entries }) => ({
          path: `/sys/fs/bpf/tc/globals/${name}`,
          'num-entries': entries,
          'num-errors': 0,
        })),
      };
      return listing(
        asked,
        value,
        ['Name', 'Num entries', 'Num errors', 'Cache enabled'],
        maps.map(({ name, entries }) => [name, String(entries), '0', 'true']),
      );
    },
  },
  {
    words: 'map get',
    answer(asked) {
      const [name = ''] = asked.rest;
      const map = mapCounts(asked).find((each) => each.name === name);
      if (map === undefined)
        return { stderr: `Error: Cannot get map ${name}: [GET /map/{name}][404] getMapNameNotFound\n`, exitCode: 1 };
      return asked.json
        ? document({ cache: [], path: `/sys/fs/bpf/tc/globals/${name}` })
        : { stdout: columns([['Key', 'Value', 'State', 'Error']]) };
    },
  },
];

/** One of `--all`, as the agent's own struct is written. */
function policyMap(asked: Asked, endpoint: Endpoint) {
  const id = String(endpoint.status?.id ?? 0);
  return {
    EndpointID: id,
    Path: `/sys/fs/bpf/tc/globals/cilium_policy_v2_${id.padStart(5, '0')}`,
    Content: policyEntries(asked, endpoint).map(policyEntry),
  };
}

/** An entry as it lies in the map: a port is in the order of the network's bytes. */
function policyEntry(entry: ReturnType<typeof policyEntries>[number]) {
  return {
    ProxyPortNetwork: 0,
    Flags: entry.deny ? 1 : 0,
    AuthRequirement: 0,
    Packets: entry.packets,
    Bytes: entry.bytes,
    Key: {
      Prefixlen: entry.port === 0 ? 40 : 64,
      Identity: entry.identity,
      TrafficDirection: entry.direction === 'ingress' ? 0 : 1,
      Nexthdr: protocolNumber(entry.protocol),
      DestPortNetwork: ((entry.port & 0xff) << 8) | (entry.port >> 8),
    },
  };
}

/** What an endpoint's policy map holds, with the traffic each entry has seen. */
function policyEntries(asked: Asked, endpoint: Endpoint) {
  const { metadata, status } = endpoint;
  if (endpointWithoutMap(asked.scene, asked.pod)?.metadata.uid === metadata.uid) return [];
  return asked.scene
    .policies()
    .entries(status?.identity?.id ?? 0, status?.['named-ports'] ?? [])
    .map((entry) => {
      const seen = `${metadata.uid} ${entry.direction} ${entry.identity} ${entry.port}`;
      const packets = chanceBetween(seen, 0, 40_000);
      return { ...entry, packets, bytes: packets * 311 };
    });
}

type Connection = {
  protocol: string;
  source: string;
  sourcePort: number;
  destination: string;
  destinationPort: number;
  expires: number;
  packets: number;
  bytes: number;
  sourceIdentity: number;
};

/** A few connections per endpoint: to the cluster's DNS, and to a service's backend. */
function connections(asked: Asked): Connection[] {
  const dns = clusterAddress(asked, 'kube-system', 'kube-dns');
  const targets = services(asked).flatMap(({ spec }) => spec['backend-addresses'].slice(0, 2));
  const uptime = Math.floor(asked.scene.now() / 1000) % 1_000_000;
  return asked.scene.endpointsOn(asked.pod).flatMap((endpoint) => {
    const source = endpoint.status?.networking?.addressing?.[0]?.ipv4 ?? '';
    const uid = endpoint.metadata.uid ?? source;
    const packets = chanceBetween(`${uid} packets`, 4, 4000);
    const common = {
      source,
      sourcePort: chanceBetween(`${uid} port`, 32768, 60999),
      sourceIdentity: endpoint.status?.identity?.id ?? 0,
      expires: uptime + 60,
      packets,
      bytes: packets * 412,
    };
    const made: Connection[] =
      dns === '' ? [] : [{ ...common, protocol: 'UDP', destination: dns, destinationPort: 53 }];
    const [first, ...others] = targets;
    if (first !== undefined) {
      const target = pick(uid, [first, ...others]);
      made.push({ ...common, protocol: 'TCP', destination: target.ip, destinationPort: target.port });
    }
    return made;
  });
}

function mapCounts(asked: Asked): { name: string; entries: number }[] {
  const endpoints = asked.scene.endpointsOn(asked.pod);
  const all = services(asked);
  return [
    { name: 'cilium_ipcache_v2', entries: knownAddresses(asked).length + 1 },
    { name: 'cilium_lxc', entries: endpoints.length + 1 },
    { name: 'cilium_lb4_services_v2', entries: all.length },
    {
      name: 'cilium_lb4_backends_v3',
      entries: all.reduce((sum, { spec }) => sum + spec['backend-addresses'].length, 0),
    },
    ...endpoints.map((endpoint) => ({
      name: `cilium_policy_v2_${String(endpoint.status?.id).padStart(5, '0')}`,
      entries: policyEntries(asked, endpoint).length,
    })),
  ];
}

function protocolNumber(protocol: string): number {
  return { TCP: 6, UDP: 17, SCTP: 132 }[protocol] ?? 0;
}
