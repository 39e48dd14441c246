import { coerce, gte } from 'semver';

/** What Cilium's verdict depends on besides the policies (domain §7.1, §7.3, §7.4). */
export type Modes = {
  /** `generic` reads NetworkPolicies as Kubernetes' own documentation does, for comparing. */
  dialect: 'cilium' | 'generic';
  /** `1.18.11`; '' = nobody knows. What depends on it is undefined then. */
  version: string;
  /** No agent runs in this cluster: its policies are only written. */
  absent: boolean;
  /** endPort is honoured; before 1.17 only the first port counted (domain §7.2). */
  portRanges: boolean | undefined;
  /** Named ports are looked up at each pod; before 1.20 in the whole cluster (cilium#30003). */
  namesPerPod: boolean | undefined;
  /** toServices may stand with toPorts. */
  servicesWithPorts: boolean | undefined;
  /** Rules about Kafka are taken: in 1.19 they are, in what follows they are gone (domain §7.3). Undefined = not known. */
  kafka: true | undefined;
  /** Whether the entity cluster-mesh is taken: no CRD up to 1.19 knows the word. */
  clusterMeshEntity: boolean;
  /** enable-extended-ip-protocols: VRRP, IGMP and the like may stand where TCP does. */
  extendedProtocols: boolean;
  enforcement: 'default' | 'always' | 'never';
  /** Kinds of policy that the agents do not look at. */
  switchedOff: readonly string[];
  clusterName: string;
  /** Selectors of peers that name no cluster mean the own one; the chart says so from 1.19, the agent's default is no. */
  ownClusterOnly: boolean;
  /** policy-cidr-match-mode. */
  cidrMatchesNodes: boolean;
  cidrMatchesPods: boolean;
  hostFirewall: boolean;
  /** A pod's own node always reaches it, default deny or not. */
  allowLocalhost: boolean;
  l7Proxy: boolean;
  /** Azure runs this Cilium: what AKS supports is what counts. Undefined = nobody knows. */
  managed: boolean | undefined;
  /** What looks into connections there is: into DNS for toFQDNs, and into HTTP and the like. Undefined = nobody knows. */
  proxies: { dns: boolean | undefined; layer7: boolean | undefined };
  /** Entries that a pod's policy map holds. */
  policyMapMax: number;
  icmpRules: boolean;
  nodeSelectorLabels: boolean;
  nonDefaultDeny: boolean;
  /** Undefined = not said. */
  sctp: boolean | undefined;
  authentication: boolean | undefined;
  dualStack: boolean;
  /**
   * Whether every address that was learned for a name is among what is asked. Of a live cluster it is not: what its DNS
   * proxies have seen is known to the agents only.
   */
  namesKnown: boolean;
  /** The `labels` key: label exclusion (domain §10 R7). '' = Cilium's own defaults. */
  labelFilter: string;
};

/** The newest whose rules we know; what is assumed where nothing says which Cilium it is. */
export const NEWEST = '1.20.0';

/** A DaemonSet of kube-system. */
export type Agent = { name: string; containers: readonly string[] };

/**
 * `config` is cilium-config's data; `version` as written (`1.18`, `v1.18.11-260622`), '' where nobody knows; `agents` all
 * DaemonSets of kube-system, undefined where they were not read.
 */
export function readModes(
  config: Readonly<Record<string, string>>,
  version: string,
  dialect: Modes['dialect'] = 'cilium',
  agents?: readonly Agent[],
): Modes {
  const generic = dialect === 'generic';
  const known = coerce(version)?.version ?? '';
  const since = (minor: string) => (known === '' ? undefined : gte(known, minor));
  const cidrModes = (config['policy-cidr-match-mode'] ?? '').split(/[\s,]+/);
  return {
    dialect,
    version: known,
    absent: false,
    portRanges: generic || since('1.17.0'),
    namesPerPod: generic || since('1.20.0'),
    servicesWithPorts: since('1.20.0'),
    kafka: since('1.20.0') === false || undefined,
    clusterMeshEntity: since('1.20.0') !== false,
    extendedProtocols: config['enable-extended-ip-protocols'] === 'true',
    enforcement: enforcement(config['enable-policy']),
    switchedOff: generic ? [] : KIND_SWITCHES.filter(([key]) => config[key] === 'false').map(([, kind]) => kind),
    clusterName: config['cluster-name'] || 'default',
    ownClusterOnly: config['policy-default-local-cluster'] === 'true',
    cidrMatchesNodes: cidrModes.includes('nodes'),
    cidrMatchesPods: cidrModes.includes('pods'),
    hostFirewall: config['enable-host-firewall'] === 'true',
    // `auto` means always wherever Kubernetes runs it.
    allowLocalhost: config['allow-localhost'] !== 'policy',
    l7Proxy: config['enable-l7-proxy'] !== 'false',
    managed: config.ipam === undefined ? undefined : config.ipam === 'delegated-plugin',
    proxies: proxies(config, agents),
    policyMapMax: Number(config['bpf-policy-map-max']) || 16_384,
    icmpRules: config['enable-icmp-rules'] !== 'false',
    nodeSelectorLabels: config['enable-node-selector-labels'] === 'true',
    nonDefaultDeny: config['enable-non-default-deny-policies'] !== 'false',
    sctp: tristate(config['enable-sctp']),
    authentication: tristate(config['mesh-auth-enabled']),
    dualStack: config['enable-ipv4'] === 'true' && config['enable-ipv6'] === 'true',
    namesKnown: true,
    labelFilter: config['labels'] ?? '',
  };
}

/**
 * On AKS the proxies belong to Advanced Container Networking Services: enable-l7-proxy is false without them, DNS is the
 * acns-security-agent's, and Envoy is only there for layer 7 (domain §4.1, §4.3). Elsewhere Cilium brings its own.
 */
function proxies(config: Readonly<Record<string, string>>, agents: readonly Agent[] | undefined): Modes['proxies'] {
  if (config['enable-l7-proxy'] === 'false') return { dns: false, layer7: false };
  if (config.ipam !== 'delegated-plugin') return { dns: undefined, layer7: undefined };
  // Where the agent itself was not seen, the others were not all read.
  if (!agents?.some(({ name }) => name === 'cilium')) return { dns: undefined, layer7: undefined };
  const security = agents.filter(({ name }) => name === 'acns-security-agent');
  const envoy = [...security, ...agents.filter(({ name }) => name === 'cilium-envoy')].some(({ containers }) =>
    containers.includes('cilium-envoy'),
  );
  return { dns: security.length > 0, layer7: security.length > 0 && envoy };
}

const KIND_SWITCHES = [
  ['enable-k8s-networkpolicy', 'NetworkPolicy'],
  ['enable-cilium-network-policy', 'CiliumNetworkPolicy'],
  ['enable-cilium-clusterwide-network-policy', 'CiliumClusterwideNetworkPolicy'],
] as const;

/** The last port of a range as this Cilium takes it. */
export function lastPort(port: number, endPort: number, { portRanges }: Modes, doubts: string[]): number {
  if (endPort <= port) return port;
  if (portRanges === undefined) doubts.push('whether this Cilium honours endPort is not known');
  return portRanges === false ? port : endPort;
}

function enforcement(text: string | undefined): Modes['enforcement'] {
  const lower = (text ?? '').toLowerCase();
  return lower === 'always' || lower === 'never' ? lower : 'default';
}

function tristate(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true';
}
