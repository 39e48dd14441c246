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
import type { Modes } from './modes.ts';

/**
 * Pods that no policy tells apart: the same identity and the same named ports. It stays the same object for as long as it
 * has pods; which they are changes.
 */
export type EndpointClass = {
  id: number;
  namespace: string;
  labels: IdentityLabels;
  ports: readonly NamedPort[];
  /** Why its labels are not to be trusted, else ''. */
  doubt: string;
  pods: readonly PodFacts[];
  /** How many of them have not ended. */
  running: number;
};

/** Never changed: where a class comes or goes there are others. */
export type Identities = {
  classes: readonly EndpointClass[];
  inNamespace(namespace: string): readonly EndpointClass[];
  /** Undefined for pods of the host's network, which have no identity of their own. Of a pod that is gone, its last. */
  classOf(pod: PodFacts): EndpointClass | undefined;
  /** Cilium's own endpoints, for which clusterwide policies hold as for pods. */
  reserved: Readonly<Record<ReservedEndpoint, EndpointClass>>;
};

/** The health endpoint and the ingress proxy of a node, and a pod that has no labels yet. */
export type ReservedEndpoint = 'health' | 'ingress' | 'init';

/** Puts every pod into its class, so that verdicts are found by identity, not by pod. */
export function sortIntoClasses({ modes, namespaces, pods }: PolicyFacts): Identities {
  const sorter = createSorter(modes);
  for (const pod of pods) sorter.put(pod, namespaces.get(pod.namespace));
  return sorter.sorted();
}

/** Pods in their classes while they come and go. */
export type Sorter = {
  /** `namespace` = the labels of the pod's namespace, undefined where they are not known. */
  put(pod: PodFacts, namespace: Labels | undefined): void;
  take(pod: PodFacts): void;
  /** As they are now. */
  sorted(): Identities;
};

export function createSorter(modes: Modes): Sorter {
  const filter = parseLabelFilter(modes.labelFilter);
  const byKey = new Map<string, Kept>();
  const byPod = new WeakMap<PodFacts, Kept>();
  const unsettled = new Set<Kept>();
  const texts = createTexts();
  const reserved = {
    health: ownEndpoint('health', 0),
    ingress: ownEndpoint('ingress', 1),
    init: ownEndpoint('init', 2),
  };
  let lastId = 2;
  let sorted: Identities | undefined;

  function create(pod: PodFacts, namespace: Labels | undefined, key: string, doubt: string): Kept {
    lastId += 1;
    const labels = labelsOf(pod, namespace, modes, filter);
    const made = {
      id: lastId,
      namespace: pod.namespace,
      labels,
      ports: pod.ports,
      doubt,
      pods: [],
      running: 0,
      key,
      members: new Set<PodFacts>(),
    };
    byKey.set(key, made);
    sorted = undefined;
    return made;
  }

  return {
    put(pod, namespace) {
      if (pod.hostNetwork) return;
      const doubt = doubtOf(pod);
      const key = classKey(pod, namespace, doubt, texts);
      const found = byKey.get(key) ?? create(pod, namespace, key, doubt);
      found.members.add(pod);
      byPod.set(pod, found);
      unsettled.add(found);
    },
    take(pod) {
      const found = byPod.get(pod);
      if (!found?.members.delete(pod)) return;
      unsettled.add(found);
    },
    sorted() {
      for (const one of unsettled) {
        one.pods = [...one.members];
        one.running = one.pods.reduce((sum, { ended }) => sum + (ended ? 0 : 1), 0);
        if (one.pods.length > 0) continue;
        byKey.delete(one.key);
        sorted = undefined;
      }
      unsettled.clear();
      sorted ??= identitiesOf([...byKey.values()], (pod) => byPod.get(pod), reserved);
      return sorted;
    },
  };
}

type Labels = Readonly<Record<string, string>>;
type Kept = Omit<EndpointClass, 'pods' | 'running'> & {
  pods: readonly PodFacts[];
  running: number;
  key: string;
  members: Set<PodFacts>;
};

function ownEndpoint(name: ReservedEndpoint, id: number): EndpointClass {
  return { id, namespace: '', labels: reservedLabels(name), ports: [], doubt: '', pods: [], running: 0 };
}

function identitiesOf(
  classes: readonly EndpointClass[],
  classOf: Identities['classOf'],
  reserved: Identities['reserved'],
): Identities {
  let byNamespace: Map<string, EndpointClass[]> | undefined;
  return {
    classes,
    classOf,
    reserved,
    inNamespace(namespace) {
      byNamespace ??= Map.groupBy(classes, (one) => one.namespace);
      return byNamespace.get(namespace) ?? [];
    },
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

/** Equal for pods of one class only. With an identity, only that and the ports matter. */
function classKey(pod: PodFacts, namespace: Labels | undefined, doubt: string, texts: Texts): string {
  const { identity } = pod;
  const ports = texts.of(pod.ports, () =>
    pod.ports.map(({ name, port, protocol }) => `${name}/${port}/${protocol}`).join(),
  );
  const text = (labels: Labels) => texts.of(labels, () => labelsText(labels));
  if (identity) return `${pod.namespace}\n${ports}\n${doubt}\n${text(identity)}`;
  return `${pod.namespace}\n${ports}\n-${pod.serviceAccount}\n${text(pod.labels)}\n${namespace ? text(namespace) : '-'}`;
}

/** What many pods share is put into words once. */
type Texts = { of(shared: object, make: () => string): string };

function createTexts(): Texts {
  const known = new WeakMap<object, string>();
  return {
    of(shared, make) {
      const text = known.get(shared) ?? make();
      known.set(shared, text);
      return text;
    },
  };
}

function labelsText(labels: Labels): string {
  return JSON.stringify(
    Object.keys(labels)
      .sort()
      .map((key) => [key, labels[key]]),
  );
}

/** Of its CiliumIdentity where it has one, else of the pod and its namespace (domain §7.1.1). */
function labelsOf(pod: PodFacts, namespace: Labels | undefined, modes: Modes, keeps: LabelFilter): IdentityLabels {
  if (pod.identity) return { of: new Map(Object.entries(pod.identity)), unknownPrefix: '' };
  const of = new Map<string, string>();
  const add = (key: string, value: string) => keeps('k8s', key) && of.set(`k8s:${key}`, value);
  for (const [key, value] of Object.entries(pod.labels)) add(key, value);
  const known = namespace ?? { 'kubernetes.io/metadata.name': pod.namespace };
  for (const [key, value] of Object.entries(known)) add(`${NAMESPACE_LABELS_PREFIX}${key}`, value);
  add(NAMESPACE_KEY, pod.namespace);
  add(SERVICE_ACCOUNT_KEY, pod.serviceAccount);
  add(CLUSTER_KEY, modes.clusterName);
  return { of, unknownPrefix: namespace ? '' : `k8s:${NAMESPACE_LABELS_PREFIX}` };
}

/** Labels left out of an identity are an exclusion; one that says something else is behind the pod (domain §7.1.6). */
function doubtOf({ namespace, workload, labels, identity }: PodFacts): string {
  if (!identity) return '';
  const differs = Object.entries(identity).find(([full, value]) => {
    if (!full.startsWith('k8s:') || full.startsWith('k8s:io.cilium.') || full === `k8s:${NAMESPACE_KEY}`) return false;
    return labels[full.slice(4)] !== value;
  });
  if (!differs) return '';
  const now = labels[differs[0].slice(4)];
  const pod = now === undefined ? 'the pod has no such label' : `the pod has ${now}`;
  return `the identity of ${namespace}/${workload.name} says ${differs[0]}=${differs[1]}, ${pod}`;
}
