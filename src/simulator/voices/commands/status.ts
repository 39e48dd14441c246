import { chanceBetween, hex } from '../chance.ts';
import { cannotWriteCni, cniFileProblem } from '../lies.ts';
import { isUnready, listOf, nodeOf } from '../scene.ts';
import type { CiliumNode } from '../shapes.ts';
import { type AgentCommand, type Answer, type Asked, document } from './command.ts';

export const statusCommand: AgentCommand = {
  words: 'status',
  answer(asked) {
    if (asked.flags.has('brief')) return brief(asked);
    return asked.json ? document(statusDocument(asked)) : { stdout: statusText(asked) };
  },
};

// What the agent says of a connection it has lost.
const lostApi = 'k8s api-server: Get "https://10.0.0.1:443/healthz": context deadline exceeded';

function brief(asked: Asked): Answer {
  if (isUnready(asked.scene, asked.pod)) return { stdout: `error in kubernetes: ${lostApi}\n`, exitCode: 1 };
  return { stdout: 'OK\n' };
}

/** The StatusResponse of the agent's API. */
function statusDocument(asked: Asked): Record<string, unknown> {
  const { config, scene, pod } = asked;
  const unready = isUnready(scene, pod);
  const now = scene.now();
  const nodes = clusterNodes(asked);
  const endpoints = scene.endpointsOn(pod);
  const delegated = config.ipam === 'delegated-plugin';
  const allocations = Object.fromEntries(
    endpoints.map((endpoint) => [
      endpoint.status?.networking?.addressing?.[0]?.ipv4 ?? '',
      `${endpoint.metadata.namespace}/${endpoint.metadata.name}`,
    ]),
  );
  const on = (key: string) => config[key] === 'true';
  return {
    'auth-certificate-provider': { state: 'Disabled' },
    'bpf-maps': {
      'dynamic-size-ratio': Number(config['bpf-map-dynamic-size-ratio'] ?? '0.0025'),
      maps: mapSizes(config),
    },
    cilium: { msg: `${asked.version} (v${asked.version}-${hex(`commit ${asked.version}`, 8)})`, state: 'Ok' },
    'client-id': hex(pod.metadata.uid ?? '', 8),
    cluster: {
      ciliumHealth: { state: unready ? 'Failure' : 'Ok' },
      nodes: nodes.map((node) => ({ name: node.name, 'primary-address': { ipv4: { enabled: true, ip: node.ip } } })),
      self: pod.spec?.nodeName,
    },
    'cni-chaining': { mode: 'none' },
    'cni-file': delegated
      ? { msg: 'CNI configuration management disabled', state: 'Disabled' }
      : cannotWriteCni(asked.scene, asked.pod)
        ? { msg: cniFileProblem, state: 'Failure' }
        : { msg: 'successfully wrote CNI configuration file to /host/etc/cni/net.d/05-cilium.conflist', state: 'Ok' },
    'container-runtime': null,
    controllers: controllers(asked, unready, now),
    encryption: { mode: on('enable-wireguard') ? 'Wireguard' : 'Disabled' },
    'host-firewall': { mode: 'Disabled' },
    hubble: on('enable-hubble')
      ? {
          observer: {
            'current-flows': 4095,
            'max-flows': 4095,
            'seen-flows': chanceBetween(`${pod.metadata.uid} flows`, 2e6, 9e6),
          },
          state: 'Ok',
        }
      : { state: 'Disabled' },
    'identity-range': { 'max-identity': 65535, 'min-identity': 256 },
    ipam: delegated
      ? { status: 'delegated to plugin', allocations: null }
      : { allocations, ipv4: Object.keys(allocations), status: `IPv4: ${endpoints.length}/254 allocated` },
    'kube-proxy-replacement': {
      devices: ['eth0'],
      mode: on('kube-proxy-replacement') ? 'True' : 'False',
      features: { nodePort: { enabled: true, mode: 'SNAT', 'port-max': 32767, 'port-min': 30000 } },
    },
    kubernetes: unready
      ? { msg: lostApi, state: 'Failure' }
      : { 'k8s-api-versions': apiVersions, msg: `${kubernetesVersion(asked)} [linux/amd64]`, state: 'Ok' },
    kvstore: { state: 'Disabled' },
    masquerading: { enabled: on('enable-bpf-masquerade'), mode: on('enable-bpf-masquerade') ? 'BPF' : 'iptables' },
    nodeMonitor: { cpus: 8, npages: 64, pagesize: 4096 },
    proxy: {
      'envoy-deployment-mode': 'embedded',
      ip: routerAddress(asked),
      'port-range': '10000-20000',
      redirects: [],
      'total-ports': 0,
      'total-redirects': 0,
    },
    routing: { 'inter-host-routing-mode': config['routing-mode'] === 'tunnel' ? 'Tunnel' : 'Native' },
    stale: unready ? { 'check-k8s-health': new Date(now - 60_000).toISOString() } : null,
  };
}

function statusText(asked: Asked): string {
  const status = statusDocument(asked) as {
    controllers: { status: { 'consecutive-failure-count': number } }[];
    kubernetes: { state: string; msg: string };
    cilium: { msg: string };
    ipam: { status: string };
    hubble: { state: string };
    'kube-proxy-replacement': { mode: string };
    'cni-file': { msg: string };
    routing: { 'inter-host-routing-mode': string };
  };
  const healthy = status.controllers.filter((each) => each.status['consecutive-failure-count'] === 0).length;
  const nodes = clusterNodes(asked).length;
  const unready = isUnready(asked.scene, asked.pod);
  const lines: [string, string][] = [
    ['KVStore', 'Disabled'],
    ['Kubernetes', `${status.kubernetes.state}   ${status.kubernetes.msg}`],
    ['Kubernetes APIs', JSON.stringify(apiVersions)],
    [
      'KubeProxyReplacement',
      `${status['kube-proxy-replacement'].mode}   [eth0   ${asked.pod.status?.hostIP ?? ''} (Direct Routing)]`,
    ],
    ['Host firewall', 'Disabled'],
    ['CNI Chaining', 'none'],
    ['CNI Config file', status['cni-file'].msg],
    ['Cilium', `Ok   ${status.cilium.msg}`],
    ['NodeMonitor', 'Listening for events on 8 CPUs with 64x4096 of shared memory'],
    ['Cilium health daemon', unready ? 'Failure' : 'Ok'],
    ['IPAM', status.ipam.status],
    [
      'Routing',
      `Network: ${status.routing['inter-host-routing-mode']}   Host: ${asked.config['enable-host-legacy-routing'] === 'false' ? 'BPF' : 'Legacy'}`,
    ],
    ['Controller Status', `${healthy}/${status.controllers.length} healthy`],
    ['Proxy Status', 'No managed proxy redirect'],
    ['Global Identity Range', 'min 256, max 65535'],
    ['Hubble', status.hubble.state],
    ['Encryption', asked.config['enable-wireguard'] === 'true' ? 'Wireguard' : 'Disabled'],
    ['Cluster health', `${unready ? 0 : nodes}/${nodes} reachable   (${new Date(asked.scene.now()).toISOString()})`],
  ];
  return lines.map(([name, value]) => `${`${name}:`.padEnd(25)}${value}\n`).join('');
}

/** Nodes as the agent knows them, from the CiliumNodes. */
export function clusterNodes(asked: Asked): { name: string; ip: string; health: string; range: string }[] {
  return listOf<CiliumNode>(asked.scene, 'CiliumNode').map((node) => ({
    name: node.metadata.name,
    ip: node.spec?.addresses?.find((address) => address.type === 'InternalIP')?.ip ?? '',
    health: node.spec?.health?.ipv4 ?? '',
    range: node.spec?.ipam?.podCIDRs?.[0] ?? '',
  }));
}

function routerAddress(asked: Asked): string {
  const own = listOf<CiliumNode>(asked.scene, 'CiliumNode').find(
    (node) => node.metadata.name === asked.pod.spec?.nodeName,
  );
  return own?.spec?.addresses?.find((address) => address.type === 'CiliumInternalIP')?.ip ?? '169.254.23.0';
}

function kubernetesVersion(asked: Asked): string {
  const version = nodeOf(asked.scene, asked.pod)?.status?.nodeInfo?.kubeletVersion ?? '';
  return `${/v(\d+\.\d+)/.exec(version)?.[1] ?? ''} (${version})`;
}

const apiVersions = [
  'EndpointSliceOrEndpoint',
  'cilium/v2::CiliumClusterwideNetworkPolicy',
  'cilium/v2::CiliumEndpoint',
  'cilium/v2::CiliumNetworkPolicy',
  'cilium/v2::CiliumNode',
  'cilium/v2alpha1::CiliumCIDRGroup',
  'core/v1::Namespace',
  'core/v1::Pods',
  'core/v1::Service',
  'networking.k8s.io/v1::NetworkPolicy',
];

function mapSizes(config: Record<string, string>): { name: string; size: number }[] {
  return [
    { name: 'Auth', size: 524288 },
    { name: 'Non-TCP connection tracking', size: 147125 },
    { name: 'TCP connection tracking', size: 294251 },
    { name: 'Endpoint policy', size: Number(config['bpf-policy-map-max'] ?? '16384') },
    { name: 'IP cache', size: 512000 },
    { name: 'NAT', size: 294251 },
    { name: 'Neighbor table', size: 294251 },
    { name: 'Session affinity', size: Number(config['bpf-lb-map-max'] ?? '65536') },
    { name: 'Service backend', size: Number(config['bpf-lb-map-max'] ?? '65536') },
  ];
}

type Controller = {
  configuration: Record<string, string | boolean>;
  name: string;
  status: Record<string, string | number>;
  uuid: string;
};

function controllers(asked: Asked, unready: boolean, now: number): Controller[] {
  const names = [
    'cilium-health-ep',
    'ct-map-pressure',
    'dns-garbage-collector-job',
    'endpoint-gc',
    'k8s-heartbeat',
    'link-cache',
    'neighbor-table-refresh',
    'write-cni-file',
  ];
  for (const endpoint of asked.scene.endpointsOn(asked.pod)) {
    const { id } = endpoint.status ?? {};
    names.push(`sync-policymap-${id}`, `sync-to-k8s-ciliumendpoint (${id})`, `template-dir-watcher-${id}`);
  }
  return names.map((name) => {
    const failing = unready && name === 'k8s-heartbeat';
    const count = chanceBetween(`${asked.pod.metadata.uid} ${name}`, 40, 9000);
    return {
      configuration: { 'error-retry': true, interval: '30s' },
      name,
      status: {
        'consecutive-failure-count': failing ? 6 : 0,
        'failure-count': failing ? 6 : 0,
        ...(failing
          ? { 'last-failure-msg': lostApi, 'last-failure-timestamp': new Date(now - 12_000).toISOString() }
          : { 'last-failure-timestamp': '0001-01-01T00:00:00.000Z' }),
        'last-success-timestamp': new Date(now - (failing ? 190_000 : chanceBetween(name, 1, 29) * 1000)).toISOString(),
        'success-count': count,
      },
      uuid: `${hex(name, 8)}-${hex(`${name} b`, 4)}-4${hex(`${name} c`, 3)}-8${hex(`${name} d`, 3)}-${hex(`${name} e`, 12)}`,
    };
  });
}
