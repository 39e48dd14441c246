import type { Cidr } from './cidr.ts';
import type { Modes } from './modes.ts';
import type { Policy, Protocol } from './rule.ts';
import type { Selector } from './selector.ts';

/** All that verdicts rest on, read from the objects of a cluster or from files. */
export type PolicyFacts = {
  modes: Modes;
  pods: readonly PodFacts[];
  /** Labels by name. A namespace that is not in here was not read. */
  namespaces: ReadonlyMap<string, Labels>;
  nodes: readonly NodeFacts[];
  services: readonly ServiceFacts[];
  groups: readonly CidrGroup[];
  policies: readonly Policy[];
  /** Policies of the newer tiers: they come before or after all others and are not evaluated (domain §7.6). */
  tiered: readonly TieredPolicy[];
  /** Addresses that serve the API server, of EndpointSlice default/kubernetes; none = not read. */
  apiServers: readonly string[];
  /** What could not be read and may decide anything, a sentence each: while there is any, no verdict is certain. */
  unread: readonly string[];
  /** What could not be understood at all, for people. */
  problems: readonly string[];
};

type Labels = Readonly<Record<string, string>>;

export type DeclaredPort = { port: number; protocol: Protocol };
export type NamedPort = { name: string; port: number; protocol: Protocol };

export type PodFacts = {
  namespace: string;
  name: string;
  labels: Labels;
  serviceAccount: string;
  ips: readonly string[];
  /** Container ports that have a name, in lower case. */
  ports: readonly NamedPort[];
  /** Every container port that is declared, named or not. */
  declared: readonly DeclaredPort[];
  /** What runs it, by its controller: `Deployment front`; the pod itself where nothing does. */
  workload: { kind: string; name: string };
  hostNetwork: boolean;
  node: string;
  /** Succeeded or Failed: its address may be another's. */
  ended: boolean;
  /** Labels by `source:key` of its CiliumIdentity, which is what Cilium goes by (label exclusion); absent = not read. */
  identity?: Labels;
};

export type NodeFacts = { name: string; labels: Labels; ips: readonly string[] };

export type ServiceFacts = {
  namespace: string;
  name: string;
  labels: Labels;
  selector: Labels;
  /** Where it is reached: cluster, external and load balancer addresses. */
  ips: readonly string[];
  /** Reached from outside the cluster: a LoadBalancer, a NodePort, or one with external addresses. */
  outside: boolean;
  ports: readonly { port: number; protocol: Protocol; targetPort: number | string }[];
  /** Addresses behind it, from its EndpointSlices; undefined = none were read. */
  backends: readonly string[] | undefined;
};

export type CidrGroup = { name: string; labels: Labels; cidrs: readonly Cidr[] };

export type TieredPolicy = {
  kind: string;
  name: string;
  /** Whose pods; undefined = cannot be told, may be anybody. */
  subject: Selector | undefined;
  ingress: boolean;
  egress: boolean;
};
