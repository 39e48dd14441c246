// The one form into which NetworkPolicy, CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy are read.
import type { Cidr } from './cidr.ts';
import type { IpFamily } from './icmp-types.ts';
import type { NamePattern } from './name-pattern.ts';
import type { Selector } from './selector.ts';

export type Direction = 'ingress' | 'egress';
export type PolicyKind = 'NetworkPolicy' | 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy';
export type PolicyRef = { kind: PolicyKind; namespace: string; name: string };

export type Policy = {
  ref: PolicyRef;
  /** One for a NetworkPolicy, one for each of `spec` and `specs`. Empty where the policy is rejected. */
  specs: readonly Spec[];
  /** False where the API server knows the kind under another version only: then none of it is in force. */
  served: boolean;
  /** Why the API server or Cilium refuses it: then none of it is in force. */
  rejected: readonly string[];
  /** Why nobody can tell whether it is in force: the cluster says that it is invalid, we do not see why. */
  doubt: string;
  /** What is written and has no effect: fields nobody knows, groups that are not there. */
  remarks: readonly Remark[];
};

export type Remark = {
  id: 'unknown-field' | 'outside-policy-types' | 'empty-peer-list' | 'end-port' | 'seed-annotation';
  /** `spec.ingress[0].fromEndpoints`. */
  path: string;
  text: string;
};

export type Spec = {
  policy: PolicyRef;
  /** `spec`, `specs[1]`. */
  path: string;
  /** Whom it is about: pods by their identity, or nodes (host policies). */
  subject: { type: 'pods' | 'nodes'; selector: Selector; text: string };
  rules: readonly Rule[];
};

export type Rule = {
  policy: PolicyRef;
  /** `ingress[0]`, `specs[1].egressDeny[2]`; '' for the isolation that a NetworkPolicy brings without any rule. */
  path: string;
  direction: Direction;
  deny: boolean;
  /** Whom it selects is isolated in this direction (domain §7.1.5). */
  defaultDeny: boolean;
  /** ORed. None: the rule selects nobody and only isolates. */
  peers: readonly Peer[];
  /** ORed; 'all' covers ICMP too. */
  ports: 'all' | readonly PortRule[];
  /** Allowed only once both ends have proved who they are (domain §7.3). */
  authentication: '' | 'required' | 'test-always-fail';
  /** fromRequires, toRequires: what else must hold for every rule of this direction about the same subject. */
  requires: boolean;
  /** Why it cannot be told whether it applies, where it otherwise would. */
  doubt: string;
  /** In a NetworkPolicy whose policyTypes leave the direction out: Cilium takes it, Kubernetes does not (domain §7.2). */
  outsidePolicyTypes: boolean;
};

export type Peer =
  | { type: 'any' }
  /** Pods, or whatever else has such labels; `text` as written. */
  | { type: 'labels'; selector: Selector; text: string }
  | { type: 'addresses'; cidr: Cidr; except: readonly Cidr[]; block: boolean; text: string }
  | { type: 'names'; pattern: NamePattern; text: string }
  /** A CiliumCIDRGroup by name or by its labels; what it holds is looked up when the policies are put together. */
  | { type: 'group'; name: string; selector: Selector | undefined; except: readonly Cidr[]; text: string }
  /** Kubernetes services by name ('' = by labels) in a namespace ('' = in any). */
  | { type: 'service'; name: string; namespace: string; selector: Selector | undefined; text: string }
  | { type: 'nobody'; text: string }
  /** `outside` = whatever it holds is known by its address, as the pods and nodes of this cluster are not. */
  | { type: 'unknown'; reason: string; outside?: true; text: string };

export type Protocol = 'TCP' | 'UDP' | 'SCTP' | 'ICMP';

export type PortRule =
  | {
      type: 'transport';
      protocols: readonly Protocol[];
      /** 0 = every port of the protocols. */
      port: number;
      /** ≥ port. */
      endPort: number;
      /** A container port's name in lower case, else ''. */
      name: string;
      l7: L7 | undefined;
    }
  | { type: 'icmp'; family: IpFamily; icmpType: number };

/** What a proxy looks at once layers 3 and 4 allow. */
export type L7 = {
  type: 'http' | 'dns' | 'tls' | 'kafka' | 'other';
  /** A DNS rule that lets every name through (`*`). */
  everyName?: true;
  /** What it lets by, the first few: `GET /api, POST`; '' where it does not say. */
  text: string;
};

/** `CiliumNetworkPolicy a/p`, `CiliumClusterwideNetworkPolicy d`. */
export function policyText({ kind, namespace, name }: PolicyRef): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** `CiliumNetworkPolicy/a/p`: equal for equal policies only. */
export function policyKey({ kind, namespace, name }: PolicyRef): string {
  return `${kind}/${namespace}/${name}`;
}

export function isPolicyKind(kind: string): kind is PolicyKind {
  return kind === 'NetworkPolicy' || kind === 'CiliumNetworkPolicy' || kind === 'CiliumClusterwideNetworkPolicy';
}
