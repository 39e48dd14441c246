import type {
  AgentEndpoint,
  AgentIdentity,
  AgentMap,
  AgentService,
  Encryption,
  IpcacheEntry,
  PolicyMapEntry,
} from '../agent-says/agent-says.ts';
import type { ObjectRef } from '../ref.ts';

/** What a truth check is about: one pod, or a node with all its pods. */
export type TruthTarget = { kind: 'Pod'; namespace: string; name: string } | { kind: 'Node'; name: string };

/** Where what is intended and what is realised may part. */
export type Aspect =
  | 'objects'
  | 'endpoint'
  | 'policy-map'
  | 'ipcache'
  | 'backends'
  | 'encryption'
  | 'identities'
  | 'maps';

export const aspects: Readonly<Record<Aspect, string>> = {
  objects: 'what the API server has of a pod',
  endpoint: 'the agent’s endpoints',
  'policy-map': 'policy maps',
  ipcache: 'the ipcache',
  backends: 'service backends',
  encryption: 'WireGuard’s peers',
  identities: 'identities',
  maps: 'maps that could not be written',
};

/** Of one check in checks/truth each. */
export type DifferenceType =
  | 'objects'
  | 'endpoint-missing'
  | 'endpoint-leftover'
  | 'endpoint-not-ready'
  | 'endpoint-identity'
  | 'endpoint-address'
  | 'policy-behind'
  | 'policy-enforcement'
  | 'policy-map-empty'
  | 'policy-map-lacks'
  | 'policy-map-allows'
  | 'ipcache-missing'
  | 'ipcache-identity'
  | 'ipcache-node'
  | 'ipcache-leftover'
  | 'backend-leftover'
  | 'backend-missing'
  | 'encryption-peer'
  | 'encryption-handshake'
  | 'identity-unknown'
  | 'map-errors';

/** Two sides that ought to agree and do not. Texts are sanitised. */
export type Difference = {
  type: DifferenceType;
  aspect: Aspect;
  /** Whose agent said it; '' = the API server alone. */
  node: string;
  object: ObjectRef;
  /** Tells several of one type on one object apart: an address, a port. */
  key: string;
  intended: Side;
  realised: Side;
};
/** What, and who says so: `CiliumEndpoint shop/web-1`, `cilium-dbg bpf policy get 1204 on aks-np1-0`. */
export type Side = { text: string; source: string };

/** What an agent answered; a part that is absent could not be had, and `missed` says why. */
export type AgentSide = {
  node: string;
  endpoints?: readonly AgentEndpoint[];
  policyMaps?: ReadonlyMap<number, readonly PolicyMapEntry[]>;
  ipcache?: readonly IpcacheEntry[];
  services?: readonly AgentService[];
  encryption?: Encryption;
  identities?: readonly AgentIdentity[];
  maps?: readonly AgentMap[];
  missed: readonly { aspect: Aspect; reason: string }[];
};

export type TruthResult = {
  target: TruthTarget;
  /** By the server's clock. */
  at: number;
  /** The node whose agent was asked. */
  node: string;
  /** Other nodes whose ipcache was looked at. */
  sampled: readonly string[];
  differences: readonly Difference[];
  /** How many of what were held against each other. */
  compared: readonly { aspect: Aspect; node: string; count: number; noun: string }[];
  notCompared: readonly { aspect: Aspect; node: string; reason: string }[];
  /** Commands that were run for it. */
  commands: number;
};

/** All truth checks of this session: of each target the newest. */
export type Truth = { results: readonly TruthResult[] };

export function targetKey(target: TruthTarget): string {
  return target.kind === 'Node' ? `Node ${target.name}` : `Pod ${target.namespace}/${target.name}`;
}

/** The same difference, found again. */
export function differenceKey({ type, node, object, key }: Difference): string {
  return [type, node, object.kind, object.namespace ?? '', object.name, key].join('|');
}
