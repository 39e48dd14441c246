// What an endpoint's policy map holds: for each direction the identities and ports that policies let through or refuse.

import type { KubeObject } from '../cluster.ts';
import { chanceBetween } from './chance.ts';
import { listOf, type Scene } from './scene.ts';
import {
  endpointsMatch,
  type IdentityLabels,
  namesNamespace,
  namespaceKey,
  namespaceMatches,
  podsMatch,
  type Selector,
} from './selectors.ts';
import type { Endpoint, Identity } from './shapes.ts';

export type Direction = 'Ingress' | 'Egress';
/** `identity` 0 = any, `port` 0 = any. */
export type Entry = { direction: Direction; identity: number; port: number; protocol: string; deny: boolean };

type Port = { port?: string | number; protocol?: string };
type Peer = { podSelector?: Selector; namespaceSelector?: Selector; ipBlock?: unknown };
type NetworkPolicy = KubeObject & {
  spec?: {
    podSelector?: Selector;
    policyTypes?: string[];
    ingress?: { from?: Peer[]; ports?: Port[] }[];
    egress?: { to?: Peer[]; ports?: Port[] }[];
  };
};
type CiliumRule = {
  fromEndpoints?: Selector[];
  toEndpoints?: Selector[];
  fromEntities?: string[];
  toEntities?: string[];
  toPorts?: { ports?: Port[] }[];
};
type CiliumSpec = {
  endpointSelector?: Selector;
  enableDefaultDeny?: { ingress?: boolean; egress?: boolean };
} & Partial<Record<'ingress' | 'egress' | 'ingressDeny' | 'egressDeny', CiliumRule[]>>;
type CiliumPolicy = KubeObject & { spec?: CiliumSpec; specs?: CiliumSpec[] };

/** One direction of one policy, ready to be laid over the identities. Peers undefined = everybody. */
type Rule = {
  direction: Direction;
  deny: boolean;
  peers: undefined | readonly ((labels: IdentityLabels) => boolean)[];
  fixed: readonly number[];
  ports: readonly { port: number; protocol: string }[];
};
export type Subject = {
  selects(labels: IdentityLabels): boolean;
  directions: readonly Direction[];
  rules: readonly Rule[];
};

/** Everything there is to know to lay policies over identities; made once for many endpoints. */
export type PolicyView = {
  subjects: readonly Subject[];
  identities: readonly { id: number; labels: IdentityLabels }[];
};

export function policyView(scene: Scene): PolicyView {
  return {
    subjects: [
      ...listOf(scene, 'NetworkPolicy'),
      ...listOf(scene, 'CiliumNetworkPolicy'),
      ...listOf(scene, 'CiliumClusterwideNetworkPolicy'),
    ].flatMap(subjectsOf),
    identities: listOf<Identity>(scene, 'CiliumIdentity').map((each) => ({
      id: Number(each.metadata.name),
      labels: each['security-labels'] ?? {},
    })),
  };
}

/** Whom a policy of any of the three kinds selects, in which directions. */
export function subjectsOf(policy: KubeObject): Subject[] {
  return policy.kind === 'NetworkPolicy' ? [kubernetesSubject(policy)] : ciliumSubjects(policy);
}

/** The map's entries for whoever carries these labels. A direction no policy speaks of lets everything through. */
export function entriesFor(view: PolicyView, labels: IdentityLabels): Entry[] {
  const subjects = view.subjects.filter((subject) => subject.selects(labels));
  return (['Ingress', 'Egress'] as const).flatMap((direction) => {
    const speaking = subjects.filter((subject) => subject.directions.includes(direction));
    const base = { direction, port: 0, protocol: 'ANY', deny: false };
    if (speaking.length === 0) return [{ ...base, identity: 0 }];
    // The node a pod runs on always reaches it: the kubelet's probes must.
    const own: Entry[] = direction === 'Ingress' ? [{ ...base, identity: 1 }] : [];
    const rules = speaking.flatMap((subject) => subject.rules).filter((rule) => rule.direction === direction);
    return [...own, ...rules.flatMap((rule) => entriesOf(view, rule))];
  });
}

/** The same for an endpoint, with the traffic each entry has seen. */
export function policyEntries(
  scene: Scene,
  endpoint: Endpoint,
  view = policyView(scene),
): (Entry & { packets: number; bytes: number })[] {
  return entriesFor(view, labelsOf(endpoint)).map((entry) => {
    const packets = chanceBetween(
      `${endpoint.metadata.uid} ${entry.direction} ${entry.identity} ${entry.port}`,
      0,
      40_000,
    );
    return { ...entry, packets, bytes: packets * 311 };
  });
}

/** `k8s:app=shop` → {'k8s:app': 'shop'} */
export function labelsOf(endpoint: Endpoint): IdentityLabels {
  const pairs = (endpoint.status?.identity?.labels ?? []).map((label) => label.split(/=(.*)/s));
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value]));
}

function entriesOf(view: PolicyView, rule: Rule): Entry[] {
  const { peers } = rule;
  const ids =
    peers === undefined
      ? [0]
      : [
          ...rule.fixed,
          ...view.identities.filter(({ labels }) => peers.some((peer) => peer(labels))).map(({ id }) => id),
        ];
  const ports = rule.ports.length === 0 ? [{ port: 0, protocol: 'ANY' }] : rule.ports;
  return ids.flatMap((identity) =>
    ports.map(({ port, protocol }) => ({ direction: rule.direction, identity, port, protocol, deny: rule.deny })),
  );
}

function kubernetesSubject(policy: NetworkPolicy): Subject {
  const { spec = {}, metadata } = policy;
  const namespace = metadata.namespace ?? '';
  const types = spec.policyTypes ?? ['Ingress', ...(spec.egress === undefined ? [] : ['Egress'])];
  const ruleOf = (direction: Direction, peers: Peer[] | undefined, ports: Port[] | undefined): Rule => ({
    direction,
    deny: false,
    peers:
      peers === undefined || peers.length === 0
        ? undefined
        : peers.map((peer) => (labels) => peerMatches(peer, namespace, labels)),
    fixed: [],
    ports: portsOf(ports),
  });
  return {
    selects: (labels) => labels[namespaceKey] === namespace && podsMatch(spec.podSelector, labels),
    directions: (['Ingress', 'Egress'] as const).filter((direction) => types.includes(direction)),
    rules: [
      ...(spec.ingress ?? []).map((rule) => ruleOf('Ingress', rule.from, rule.ports)),
      ...(spec.egress ?? []).map((rule) => ruleOf('Egress', rule.to, rule.ports)),
    ],
  };
}

function peerMatches(peer: Peer, namespace: string, labels: IdentityLabels): boolean {
  // An address block never matches a pod.
  if (peer.ipBlock !== undefined) return false;
  const placed =
    peer.namespaceSelector === undefined
      ? labels[namespaceKey] === namespace
      : namespaceMatches(peer.namespaceSelector, labels);
  return placed && podsMatch(peer.podSelector, labels);
}

// Identities of the entities that are one; `world` and the like are no pods.
const entities: Record<string, readonly number[]> = {
  host: [1],
  world: [2],
  unmanaged: [3],
  health: [4],
  init: [5],
  'remote-node': [6],
  'kube-apiserver': [7],
  ingress: [8],
  all: [0],
  cluster: [1, 3, 4, 5, 6, 7, 8],
};

function ciliumSubjects(policy: CiliumPolicy): Subject[] {
  const namespace = policy.metadata.namespace;
  const specs = [...(policy.spec === undefined ? [] : [policy.spec]), ...(policy.specs ?? [])];
  const scoped = (selector: Selector) => (labels: IdentityLabels) =>
    (namespace === undefined || namesNamespace(selector) || labels[namespaceKey] === namespace) &&
    endpointsMatch(selector, labels);
  const ruleOf = (direction: Direction, deny: boolean, rule: CiliumRule): Rule => {
    const selectors = direction === 'Ingress' ? rule.fromEndpoints : rule.toEndpoints;
    const named = direction === 'Ingress' ? rule.fromEntities : rule.toEntities;
    const anybody = selectors === undefined && named === undefined && rule.toPorts !== undefined;
    const inCluster = named?.includes('cluster')
      ? [(labels: IdentityLabels) => labels[namespaceKey] !== undefined]
      : [];
    return {
      direction,
      deny,
      peers: anybody ? undefined : [...(selectors ?? []).map(scoped), ...inCluster],
      fixed: (named ?? []).flatMap((entity) => entities[entity] ?? []),
      ports: portsOf((rule.toPorts ?? []).flatMap((each) => each.ports ?? [])),
    };
  };
  return specs.map((spec) => ({
    selects: spec.endpointSelector === undefined ? () => false : scoped(spec.endpointSelector),
    directions: [
      ...(denies(spec, 'ingress') ? (['Ingress'] as const) : []),
      ...(denies(spec, 'egress') ? (['Egress'] as const) : []),
    ],
    rules: [
      ...(spec.ingress ?? []).map((rule) => ruleOf('Ingress', false, rule)),
      ...(spec.ingressDeny ?? []).map((rule) => ruleOf('Ingress', true, rule)),
      ...(spec.egress ?? []).map((rule) => ruleOf('Egress', false, rule)),
      ...(spec.egressDeny ?? []).map((rule) => ruleOf('Egress', true, rule)),
    ],
  }));
}

/** Whether whoever is selected is closed in this direction but for what is allowed. */
function denies(spec: CiliumSpec, direction: 'ingress' | 'egress'): boolean {
  const rules = spec[direction] ?? spec[`${direction}Deny`];
  return rules !== undefined && spec.enableDefaultDeny?.[direction] !== false;
}

function portsOf(ports: readonly Port[] | undefined): { port: number; protocol: string }[] {
  // A named port has another number in each pod; the map is written once it is known, which we do not follow.
  return (ports ?? []).flatMap(({ port, protocol = 'TCP' }) =>
    Number.isNaN(Number(port ?? 0)) ? [] : [{ port: Number(port ?? 0), protocol }],
  );
}
