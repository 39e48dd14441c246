// What can be made to go wrong in the world. A cause, never a symptom: taints, endpoint states, events, statuses and
// counts follow from it by the world's own rules.

/** Which nodes a cause touches. All given fields must match; an empty object matches every node. */
export type Where = {
  /** Agent pool, such as np2. */
  pool?: string;
  nodes?: readonly string[];
  /** Label kubernetes.azure.com/node-image-version. */
  nodeImage?: string;
  /** At most this many of the matching nodes, by name. */
  first?: number;
  /** Beginning behind so many of them, and from the first again where there are no more. */
  skip?: number;
};

/** A container that ends as soon as it is started, wherever a pod with these labels runs. */
export type ContainerFailure = {
  namespace: string;
  labels: Readonly<Record<string, string>>;
  where?: Where;
  /** Name of a container or an init container. */
  container: string;
  exitCode: number;
  /** Its last words: the log's last line and, as AKS sets FallbackToLogsOnError, the termination message. */
  message: string;
  /** Milliseconds it runs before it ends. Default 1,200. */
  lives?: number;
  /** How the kubelet puts its end. Default Error. */
  reason?: 'OOMKilled';
  /** It is never started: what the kubelet waits for, with the message. One that runs goes on. */
  waits?: 'ImagePullBackOff' | 'CreateContainerError';
};

/** A container that runs but whose readiness probe fails. */
export type Unready = {
  namespace: string;
  labels: Readonly<Record<string, string>>;
  where?: Where;
  container: string;
  /** What the probe sees, as the kubelet's Unhealthy event says it: `HTTP probe failed with statuscode: 503`. */
  probe: string;
};

export type Upgrade = {
  pool: string;
  /** Kubelet version the pool goes to: v1.34.2 */
  kubelet: string;
  nodeImage: string;
  /** Milliseconds from one node's cordon to the next. */
  pace: number;
};

/** A program that asks the API server for so much that it turns others away (429), as its fairness rules are meant to. */
export type BusyClient = {
  userAgent: string;
  /** Who it is to the API server: `system:serviceaccount:reports:exporter`. */
  user: string;
  /** Plural of what it lists, over and over, in all namespaces. */
  resource: string;
  perSecond: number;
};

/** A table of the kernel that has no room left on these nodes: what should go into it is dropped, or left out. */
export type FullMap = { map: 'connections' | 'nat' | 'policy'; where?: Where };

/**
 * Packets that a node's datapath does not let through, and no policy is about: from an address that is not the pod's own
 * (it routes for others), for want of a route, from a sender it does not know, to a node whose key it lacks.
 */
export type LostPackets = {
  why: 'foreign-source' | 'no-route' | 'unknown-sender' | 'no-key';
  where?: Where;
  /** Of pods with these labels alone; default: of one pod of each node. */
  namespace?: string;
  labels?: Readonly<Record<string, string>>;
  perSecond: number;
};

/** A BGP router outside the cluster with which no session stands, or none from some nodes. */
export type PeerDown = { peerAddress: string; where?: Where; why: 'silent' | 'wrong-password' | 'wrong-number' };

/** Pods that call others without a pause; besides them everybody talks a little. */
export type Calls = {
  namespace: string;
  /** Labels of those who call, and of those who are called. */
  from: Readonly<Record<string, string>>;
  to: Readonly<Record<string, string>>;
  /** Of each who calls. */
  perSecond: number;
  /** Each keeps its first connection: all of them go to whoever came up first. */
  held: boolean;
};

/** A program that answers so many of its calls (0 to 1) with this status. */
export type FailingAnswers = {
  namespace: string;
  labels: Readonly<Record<string, string>>;
  status: number;
  share: number;
};

/**
 * All causes in force. `world.change({...})` replaces the fields it is given and leaves the others; the world follows
 * at once and undoes what no longer holds (a container that failed starts again at its next back-off).
 */
export type Causes = {
  fails: readonly ContainerFailure[];
  unready: readonly Unready[];
  /** Nodes whose kubelet has stopped posting: Ready becomes Unknown after 40 s. */
  silentKubelets: readonly Where[];
  /** Machines whose /etc/cni/net.d is empty, and stays so: nobody writes a configuration there, or nobody can. */
  withoutCni: readonly Where[];
  /** The API server takes no write of the operator's lease any more: its pods run, and none leads. */
  leaseRefused: boolean;
  /** The operator writes at most this many slices a second; 0 = by its rate limit of the node count. */
  sliceWritesPerSecond: number;
  /** An operator bug: one slice entry missing, one stale, one in two slices, one with an old identity, one stale whose address was given away. They stay until those slices next change or the operator restarts. */
  sliceDrift: boolean;
  /** An operator bug: a slice that it does not keep any more, all of whose entries are of pods that are gone. It stays until it is deleted or the operator restarts. */
  sliceLeft: boolean;
  /** So many CiliumIdentities exist in all (one per job of a batch service that labels each run), and the collector cannot get rid of them. 0 = only those in use. */
  identities: number;
  /** The pod subnet is full: CNS gets no more addresses for any node. Needs `mode: 'pod-subnet'` to show in ClusterSubnetState. */
  subnetFull: boolean;
  /** A pool being upgraded: surge node, cordon, drain, reimage, uncordon, node after node. Undefined: none. */
  upgrade: Upgrade | undefined;
  busyClient: BusyClient | undefined;
  fullMaps: readonly FullMap[];
  lostPackets: readonly LostPackets[];
  peersDown: readonly PeerDown[];
  /** Agents that call an endpoint ready although nothing is in its policy map (AKS#5969), until they are started anew. */
  emptyPolicyMaps: readonly Where[];
  /** Agents that missed the removal of backends (cilium#48050), until they are started anew. */
  staleBackends: readonly Where[];
  /** Agents that take one address for another's and do not know another at all, until they are started anew. */
  staleIpcache: readonly Where[];
  /** Nodes with which WireGuard makes no handshake: what goes there between pods is lost. Needs `wireguard`. */
  encryptionDown: readonly Where[];
  calls: readonly Calls[];
  failingAnswers: readonly FailingAnswers[];
};

/** What the containers' voices may know of them: what is in force, and since when (0 = always). */
export type CausesInForce = {
  now(): Causes;
  since(cause: keyof Causes): number;
  /** Whether a node is one of these. */
  touches(where: Where | undefined, node: string): boolean;
};

export function noCauses(): CausesInForce {
  return { now: () => NO_CAUSES, since: () => 0, touches: () => false };
}

export const NO_CAUSES: Causes = {
  fails: [],
  unready: [],
  silentKubelets: [],
  withoutCni: [],
  leaseRefused: false,
  sliceWritesPerSecond: 0,
  sliceDrift: false,
  sliceLeft: false,
  identities: 0,
  subnetFull: false,
  upgrade: undefined,
  busyClient: undefined,
  fullMaps: [],
  lostPackets: [],
  peersDown: [],
  emptyPolicyMaps: [],
  staleBackends: [],
  staleIpcache: [],
  encryptionDown: [],
  calls: [],
  failingAnswers: [],
};
