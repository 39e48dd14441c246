import type { NamedPort, NodeFacts, PodFacts, PolicyFacts } from './facts.ts';
import { type LabelFilter, parseLabelFilter } from './label-filter.ts';
import {
  CLUSTER_KEY,
  type IdentityLabels,
  NAMESPACE_KEY,
  NAMESPACE_LABELS_PREFIX,
  reservedLabels,
  SERVICE_ACCOUNT_KEY,
} from './labels.ts';

/** Pods that no policy tells apart: the same identity and the same named ports. */
export type EndpointClass = {
  id: number;
  namespace: string;
  labels: IdentityLabels;
  ports: readonly NamedPort[];
  /** Why its labels are not to be trusted, else ''. */
  doubt: string;
  pods: readonly PodFacts[];
};

export type Identities = {
  /** By id. */
  classes: readonly EndpointClass[];
  /** Undefined for pods of the host's network, which have no identity of their own. */
  classOf(pod: PodFacts): EndpointClass | undefined;
  /** Cilium's own endpoints, for which clusterwide policies hold as for pods. */
  reserved: Readonly<Record<ReservedEndpoint, EndpointClass>>;
};

/** The health endpoint and the ingress proxy of a node, and a pod that has no labels yet. */
export type ReservedEndpoint = 'health' | 'ingress' | 'init';

/** Puts every pod into its class, so that verdicts are found by identity, not by pod. */
export function sortIntoClasses(facts: PolicyFacts): Identities {
  const filter = parseLabelFilter(facts.modes.labelFilter);
  const classes: (EndpointClass & { pods: PodFacts[] })[] = [];
  const byKey = new Map<string, EndpointClass & { pods: PodFacts[] }>();
  const byPod = new Map<PodFacts, EndpointClass>();
  for (const pod of facts.pods) {
    if (pod.hostNetwork) continue;
    const key = classKey(pod);
    let found = byKey.get(key);
    if (!found) {
      const labels = labelsOf(pod, facts, filter);
      found = { id: classes.length, namespace: pod.namespace, labels, ports: pod.ports, doubt: doubtOf(pod), pods: [] };
      classes.push(found);
      byKey.set(key, found);
    }
    found.pods.push(pod);
    byPod.set(pod, found);
  }
  const reserved = (name: ReservedEndpoint, offset: number): EndpointClass => {
    const id = classes.length + offset;
    return { id, namespace: '', labels: reservedLabels(name), ports: [], doubt: '', pods: [] };
  };
  return {
    classes,
    classOf: (pod) => byPod.get(pod),
    reserved: { health: reserved('health', 0), ingress: reserved('ingress', 1), init: reserved('init', 2) },
  };
}

/** Whether these are the labels of a pod that has its identity. */
export function isPodIdentity(labels: Readonly<Record<string, string>>): boolean {
  return labels[`k8s:${NAMESPACE_KEY}`] !== undefined;
}

/** A node's labels as peers that are selected by node have them: `node:` (domain §7.3). */
export function nodeLabels({ labels }: NodeFacts): readonly (readonly [string, string])[] {
  return Object.entries(labels).map(([key, value]) => [`node:${key}`, value] as const);
}

function classKey(pod: PodFacts): string {
  const labels = (map: Readonly<Record<string, string>>) =>
    Object.keys(map)
      .sort()
      .map((key) => [key, map[key]]);
  const ports = pod.ports.map(({ name, port, protocol }) => `${name}/${port}/${protocol}`);
  return JSON.stringify([pod.namespace, pod.serviceAccount, labels(pod.labels), ports, labels(pod.identity ?? {})]);
}

/** Of its CiliumIdentity where it has one, else of the pod and its namespace (domain §7.1.1). */
function labelsOf(pod: PodFacts, facts: PolicyFacts, keeps: LabelFilter): IdentityLabels {
  if (pod.identity) return { of: new Map(Object.entries(pod.identity)), unknownPrefix: '' };
  const of = new Map<string, string>();
  const add = (key: string, value: string) => keeps('k8s', key) && of.set(`k8s:${key}`, value);
  for (const [key, value] of Object.entries(pod.labels)) add(key, value);
  const namespace = facts.namespaces.get(pod.namespace);
  const known = namespace ?? { 'kubernetes.io/metadata.name': pod.namespace };
  for (const [key, value] of Object.entries(known)) add(`${NAMESPACE_LABELS_PREFIX}${key}`, value);
  add(NAMESPACE_KEY, pod.namespace);
  add(SERVICE_ACCOUNT_KEY, pod.serviceAccount);
  add(CLUSTER_KEY, facts.modes.clusterName);
  return { of, unknownPrefix: namespace ? '' : `k8s:${NAMESPACE_LABELS_PREFIX}` };
}

/** Labels left out of an identity are an exclusion; one that says something else is behind the pod (domain §7.1.6). */
function doubtOf({ namespace, name, labels, identity }: PodFacts): string {
  if (!identity) return '';
  const differs = Object.entries(identity).find(([full, value]) => {
    if (!full.startsWith('k8s:') || full.startsWith('k8s:io.cilium.') || full === `k8s:${NAMESPACE_KEY}`) return false;
    return labels[full.slice(4)] !== value;
  });
  if (!differs) return '';
  const now = labels[differs[0].slice(4)];
  const pod = now === undefined ? 'the pod has no such label' : `the pod has ${now}`;
  return `the identity of ${namespace}/${name} says ${differs[0]}=${differs[1]}, ${pod}`;
}
