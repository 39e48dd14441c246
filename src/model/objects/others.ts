import type { Edit, Labels, RawObject, Row } from './row.ts';

export type NamespaceRow = Row & {
  phase: string;
  labels: Labels;
  /** Annotation cilium.io/ces-namespace: how soon the operator is to write its slices; '' = not said. */
  sliceQueue: string;
};

export type ServiceRow = Row & {
  type: string;
  clusterIP: string;
  /** Reached from outside the cluster: a LoadBalancer, a NodePort, or one with external addresses. */
  outside: boolean;
  ips: readonly string[];
  labels: Labels;
  selector: Labels;
  ports: readonly { name: string; port: number; targetPort: string; protocol: string; nodePort: number }[];
};

/** discovery.k8s.io EndpointSlice. */
export type EndpointSliceRow = Row & {
  service: string;
  addressType: string;
  /** `ip` is the first address, the one that counts; `more` the others, which hardly anybody writes. */
  endpoints: readonly { ip: string; more: readonly string[]; node: string; pod: string; ready: boolean }[];
  ports: readonly { name: string; port: number; protocol: string }[];
  changed: number;
};

/** DaemonSet, Deployment, StatefulSet. Counts are 0 where the kind has no such field. */
export type WorkloadRow = Row & {
  desired: number;
  current: number;
  updated: number;
  ready: number;
  available: number;
  unavailable: number;
  generation: number;
  observedGeneration: number;
  /** `container=image`, init containers first. */
  images: readonly string[];
  selector: Labels;
  /** Containers with CPU or memory limits, init containers left out. */
  limited: readonly string[];
  /** Which nodes a DaemonSet wants: its nodeSelector, required node affinity and tolerations, as the server sent them. */
  nodeSelector: Labels;
  nodeAffinity: readonly { key: string; operator: string; values: readonly string[] }[][];
  tolerations: readonly { key: string; operator: string; value: string; effect: string }[];
  maxUnavailable: string;
  /** So long a pod must have been ready before a rollout counts it, s. */
  minReadySeconds: number;
  labels: Labels;
  conditions: readonly { type: string; status: string; reason: string; message: string; since: number }[];
  edits: readonly Edit[];
};

/** ReplicaSet and ControllerRevision: what a workload was before. */
export type RevisionRow = Row & {
  ownerKind: string;
  ownerName: string;
  revision: number;
  images: readonly string[];
  desired: number;
  ready: number;
};

export type LeaseRow = Row & {
  holder: string;
  renewed: number;
  acquired: number;
  durationSeconds: number;
  transitions: number;
};

export type ConfigMapRow = Row & { data: Labels; edits: readonly Edit[] };

export type EventRow = Row & {
  type: string;
  reason: string;
  message: string;
  objectKind: string;
  objectNamespace: string;
  objectName: string;
  objectUid: string;
  count: number;
  first: number;
  last: number;
  component: string;
  host: string;
};

export type CiliumIdentityRow = Row & {
  /** metadata.name as a number, 0 when it is none. */
  id: number;
  identityNamespace: string;
  /** security-labels, with their source prefix (`k8s:app`). */
  securityLabels: Labels;
};

export type CiliumNodeRow = Row & {
  addresses: readonly { type: string; ip: string }[];
  healthIP: string;
  podCIDRs: readonly string[];
  used: number;
  operatorError: string;
  labels: Labels;
};

/** NetworkPolicy, CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy. */
export type PolicyRow = Row & {
  /** The subject in words: `app=web`, `all pods`. */
  subject: string;
  ingress: boolean;
  egress: boolean;
  ruleCount: number;
  /** Status of the Valid condition: True, False, '' where none is written. */
  valid: string;
  validMessage: string;
  generation: number;
  edits: readonly Edit[];
  /** As the server has it, without managedFields and last-applied-configuration: opaque, not sanitised. */
  body: RawObject;
};

/** CiliumCIDRGroup. */
export type CiliumCidrGroupRow = Row & { labels: Labels; cidrs: readonly string[] };

/** ClusterNetworkPolicy, AdminNetworkPolicy, BaselineAdminNetworkPolicy. */
export type TieredPolicyRow = Row & {
  /** spec.subject as the server has it: opaque. */
  subject: RawObject;
  ingress: boolean;
  egress: boolean;
};

export type CiliumNodeConfigRow = Row & { selector: string; keys: readonly string[]; edits: readonly Edit[] };

export type NodeNetworkConfigRow = Row & {
  assigned: number;
  requested: number;
  status: string;
  maxIPs: number;
  containers: readonly { status: string; subnet: string; mode: string }[];
  /** Its last writing, of spec or status, by managedFields; 0 where they say nothing. */
  changed: number;
};

export type ClusterSubnetStateRow = Row & { exhausted: boolean; changed: number };

/** Which flows are collected. */
export type ContainerNetworkLogRow = Row & {
  /** CONFIGURED or FAILED; '' = not said yet. */
  state: string;
  /** How many filters say what is collected. */
  filters: number;
  /** Of a capture of ours: until when it was wanted; 0 where it is none. */
  until: number;
};

/** Which of the agents' metrics are kept. */
export type ContainerNetworkMetricRow = Row & { state: string };
