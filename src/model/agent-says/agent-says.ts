/**
 * What an agent says of itself when asked (domain §4.5), in the shapes that truth checks, runbooks and screens share.
 * The readers beside this file take any version's JSON: what has another shape is left out, what is no JSON at all is
 * undefined. Texts are sanitised.
 */
export type AgentEndpoint = {
  id: number;
  namespace: string;
  pod: string;
  /** ready, waiting-for-identity, regenerating, not-ready … */
  state: string;
  identity: number;
  labels: readonly string[];
  addresses: readonly string[];
  /** none, ingress, egress, both, audit-… */
  enforcing: string;
  /** Revision of the policy that is in the datapath, and that should be; 0 = not said. */
  realizedRevision: number;
  wantedRevision: number;
  health: { overall: string; bpf: string; policy: string };
};

/** One entry of an endpoint's policy map. */
export type PolicyMapEntry = {
  direction: 'ingress' | 'egress';
  identity: number;
  /** 0 = all. */
  port: number;
  protocol: string;
  deny: boolean;
  proxyPort: number;
  bytes: number;
  packets: number;
};

/** What this node's datapath takes an address for. */
export type IpcacheEntry = { cidr: string; identity: number; tunnelEndpoint: string; encryptKey: number };

export type AgentService = {
  id: number;
  namespace: string;
  name: string;
  frontend: { ip: string; port: number; protocol: string };
  type: string;
  backends: readonly { ip: string; port: number; node: string; state: string }[];
};

/** How one node reaches another, by its own probes. */
export type HealthPeer = {
  node: string;
  address: string;
  /** undefined = not probed. */
  host: Probe | undefined;
  endpoint: Probe | undefined;
};
export type Probe = { icmp: string; http: string; latencyMs: number };

/** One packet that was dropped, as `cilium-dbg monitor --type drop -j` tells it. */
export type Drop = {
  node: string;
  at: number;
  /** In words, domain §6.1. */
  reason: string;
  source: { identity: number; address: string; port: number; endpoint: number };
  destination: { identity: number; address: string; port: number };
  protocol: string;
  ingress: boolean | undefined;
};
