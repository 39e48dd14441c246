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
  /** How much of the port counts: 16 = this one, 0 = none, between = a range of which it is the first. */
  portBits: number;
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
  /** Sends to pods of its own node only, by the Service's traffic policy: others are left out rightly. */
  local: boolean;
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
/** `OK`, what went wrong, or '' where that was not tried. `latencyMs`: the better of the two; 0 = unknown. */
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

/** `cilium-dbg status`. What is well is not listed. */
export type AgentStatus = {
  node: string;
  /** As it says itself: `1.18.6 (v1.18.6-abcdef12)`. */
  version: string;
  /** Parts whose state is neither Ok nor Disabled. */
  troubles: readonly { part: string; state: string; text: string }[];
  /** Controllers that fail now: how often in a row, and the last error. */
  controllers: readonly { name: string; failures: number; lastError: string; lastFailure: string }[];
  kubeProxyReplacement: string;
  ipam: string;
  encryption: string;
  routing: string;
  hubble: { state: string; flows: number; most: number };
  redirects: number;
  lostEvents: number;
  /** Probes that have not come to an end for long. */
  stale: readonly string[];
  maps: readonly { name: string; size: number }[];
};

export type AgentIdentity = { id: number; labels: readonly string[] };

/** `peers` are told by newer agents only; `peerCount` by all. Times in ms since 1970, 0 = never. */
export type Encryption = {
  /** Disabled, IPsec, Wireguard. */
  mode: string;
  text: string;
  peerCount: number;
  peers: readonly {
    publicKey: string;
    endpoint: string;
    lastHandshake: number;
    allowed: readonly string[];
    received: number;
    sent: number;
  }[];
};

export type LearntName = {
  name: string;
  addresses: readonly string[];
  /** Seconds. */
  ttl: number;
  expires: number;
  endpoint: number;
  source: string;
};

/** `errors`: entries that the agent could not write into the datapath. */
export type AgentMap = { name: string; entries: number; errors: number };

/** One flow, as `hubble observe` tells it. */
export type AgentFlow = {
  at: number;
  node: string;
  verdict: string;
  /** As the enum has it: POLICY_DENIED. */
  reason: string;
  source: FlowEnd;
  destination: FlowEnd;
  protocol: string;
  ingress: boolean | undefined;
  reply: boolean;
  summary: string;
  /** `namespace/name`. */
  deniedBy: readonly string[];
};

export type FlowEnd = {
  identity: number;
  namespace: string;
  pod: string;
  labels: readonly string[];
  address: string;
  port: number;
};

/** One thing an agent says of itself, for people. */
export type Opinion = {
  name: string;
  /** Ok, Warning, Failure, Disabled, or '' where it gives no state. */
  state: 'ok' | 'warning' | 'error' | 'unknown' | '';
  text: string;
  /** What hangs below it: a failing controller's last error. */
  below: readonly string[];
};

export type BgpPeer = { address: string; state: string };

export type AgentSample = { name: string; labels: Readonly<Record<string, string>>; value: number };

/** What an agent can be asked, and what it then answers. */
export type AgentAnswers = {
  status: AgentStatus;
  opinion: readonly Opinion[];
  endpoints: readonly AgentEndpoint[];
  /** Of the endpoint with this number. */
  'policy-map': readonly PolicyMapEntry[];
  /** By endpoint; undefined: this version does not say whose entries they are. */
  'policy-maps': { maps: ReadonlyMap<number, readonly PolicyMapEntry[]> | undefined };
  ipcache: readonly IpcacheEntry[];
  identities: readonly AgentIdentity[];
  services: readonly AgentService[];
  encryption: Encryption;
  names: readonly LearntName[];
  maps: readonly AgentMap[];
  'bgp-peers': readonly BgpPeer[];
  /** Those whose names match. */
  metrics: readonly AgentSample[];
  health: { node: string; peers: readonly HealthPeer[] };
};

/** A question, and of two of them what it is about: the number of an endpoint, a pattern of names. */
export type AgentQuestion<Q extends keyof AgentAnswers = keyof AgentAnswers> = Q | readonly [Q, string];

/** Who is asked: the agent of a node, by its pod. */
export type AskedAgent = { node: string; pod: { namespace: string; name: string } | undefined };

/** Packets dropped alike (but for the port they came from) since the last that was told, with how many those were. */
export type DropEvent =
  | { type: 'drops'; drops: readonly { drop: Drop; count: number }[] }
  | { type: 'gap'; text: string }
  | { type: 'end'; text: string };
