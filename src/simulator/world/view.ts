// What the controllers know of the cluster, kept from the store's events as informers would: compact records, because
// 100,000 parsed pods would cost five times their text.
import type { ObjectStore, StoreEvent } from '../cluster.ts';
import type { Labels, Node, Pod, Taint } from './shapes.ts';

/** Pods of one namespace with the same labels and service account share one of these. */
export type LabelSet = { namespace: string; labels: Labels; serviceAccount: string; pods: Set<PodRecord> };

export type PodRecord = {
  namespace: string;
  name: string;
  uid: string;
  set: LabelSet;
  /** '' while unscheduled. */
  node: string;
  ip: string;
  hostNetwork: boolean;
  phase: string;
  ready: boolean;
  /** Since when it has been ready, 0 while it is not. */
  readySince: number;
  deleting: boolean;
  /** Controller's uid and kind, '' for a pod on its own. */
  ownerUid: string;
  ownerKind: string;
  created: number;
  /** Counts up when something makes the kubelet's pending step for it void. */
  turn: number;
};

export type NodeRecord = {
  name: string;
  uid: string;
  created: number;
  ip: string;
  pool: string;
  nodeImage: string;
  labels: Labels;
  taints: readonly Taint[];
  unschedulable: boolean;
  ready: boolean;
  maxPods: number;
  /** First three numbers of its pod CIDR, `10.244.7`. */
  prefix: string;
  pods: Set<PodRecord>;
};

/** What the records keep of a pod. */
export type PodFacts = Omit<PodRecord, 'set' | 'turn' | 'ready'> & { labels: Labels; serviceAccount: string };

export type Reference = { kind: string; namespace: string; name: string; uid: string };

export type View = {
  readonly nodes: ReadonlyMap<string, NodeRecord>;
  /** By `namespace/name`. */
  readonly pods: ReadonlyMap<string, PodRecord>;
  ownedPods(uid: string): ReadonlySet<PodRecord>;
  labelSets(namespace: string): Iterable<LabelSet>;
  /** Those that hold pods, or did. */
  namespaces(): readonly string[];
  /** What else names this uid as an owner. */
  dependents(uid: string): Iterable<Reference>;
  /** uid of the pod that the CiliumEndpoint of this name belongs to; undefined where there is no endpoint. */
  endpointOwner(key: string): string | undefined;
  /** Whether an object with this uid exists, of the kinds that own something. */
  exists(uid: string): boolean;
  /** Takes in a pod of which nobody was told, and the endpoint of one. */
  restore(pod: PodFacts): PodRecord;
  restoreEndpoint(key: string, owner: string): void;
  /** Called after the records follow a change. */
  listen(listener: Listener): void;
  stop(): void;
};

/**
 * `pod` is the record of the pod that changed (the last one, where it is gone), `left` the set it was in until now, where
 * its labels became others.
 */
export type Listener = (event: StoreEvent, pod: PodRecord | undefined, left: LabelSet | undefined) => void;

const OWNERS = new Set(['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet', 'Service', 'Node', 'Job', 'CronJob']);

export function createView(store: ObjectStore): View {
  const nodes = new Map<string, NodeRecord>();
  const pods = new Map<string, PodRecord>();
  const owned = new Map<string, Set<PodRecord>>();
  const sets = new Map<string, Map<string, LabelSet>>();
  /** Labels as text; the pods of a settled workload share theirs. */
  const tellings = new WeakMap<Labels, string>();
  const dependents = new Map<string, Map<string, Reference>>();
  const alive = new Set<string>();
  const nobody: ReadonlySet<never> = new Set();
  const endpoints = new Map<string, string>();
  const listeners: Listener[] = [];

  const setOf = ({ namespace, labels, serviceAccount }: PodFacts): LabelSet => {
    const told = tellings.get(labels) ?? JSON.stringify(labels);
    tellings.set(labels, told);
    const key = `${serviceAccount} ${told}`;
    const known = sets.get(namespace) ?? new Map<string, LabelSet>();
    sets.set(namespace, known);
    const set = known.get(key) ?? { namespace, labels, serviceAccount, pods: new Set() };
    known.set(key, set);
    return set;
  };

  const leave = (set: LabelSet, record: PodRecord) => {
    set.pods.delete(record);
    if (set.pods.size > 0) return;
    const known = sets.get(set.namespace);
    for (const [key, other] of known ?? []) if (other === set) known?.delete(key);
  };

  const putPod = (facts: PodFacts): PodRecord => {
    const key = `${facts.namespace}/${facts.name}`;
    const old = pods.get(key);
    const set = setOf(facts);
    if (old === undefined) {
      const { labels: _labels, serviceAccount: _account, ...rest } = facts;
      pods.set(key, { ...rest, set, ready: false, turn: 0 });
    } else {
      if (old.set !== set) leave(old.set, old);
      if (old.ownerUid !== facts.ownerUid) owned.get(old.ownerUid)?.delete(old);
      if (old.node !== facts.node) nodes.get(old.node)?.pods.delete(old);
    }
    const record = pods.get(key) as PodRecord;
    record.set = set;
    set.pods.add(record);
    record.node = facts.node;
    if (record.node !== '') nodes.get(record.node)?.pods.add(record);
    record.ownerUid = facts.ownerUid;
    record.ownerKind = facts.ownerKind;
    if (record.ownerUid !== '') {
      const siblings = owned.get(record.ownerUid) ?? new Set();
      owned.set(record.ownerUid, siblings.add(record));
    }
    record.ip = facts.ip;
    record.phase = facts.phase;
    record.ready = facts.readySince > 0;
    record.readySince = facts.readySince;
    record.deleting = facts.deleting;
    return record;
  };

  const dropPod = (key: string): PodRecord | undefined => {
    const record = pods.get(key);
    if (record === undefined) return undefined;
    pods.delete(key);
    leave(record.set, record);
    nodes.get(record.node)?.pods.delete(record);
    const siblings = owned.get(record.ownerUid);
    siblings?.delete(record);
    if (siblings?.size === 0) owned.delete(record.ownerUid);
    record.turn++;
    return record;
  };

  const putNode = (node: Node) => {
    const old = nodes.get(node.metadata.name);
    const next = readNode(node, old !== undefined && old.uid === node.metadata.uid ? old.pods : undefined);
    nodes.set(node.metadata.name, next);
    if (old === undefined || old.uid !== next.uid) {
      for (const pod of pods.values()) if (pod.node === next.name) next.pods.add(pod);
    }
  };

  const putDependent = (event: StoreEvent) => {
    const { object } = event;
    const uid = object.metadata.uid ?? '';
    for (const reference of object.metadata.ownerReferences ?? []) {
      const known = dependents.get(reference.uid) ?? new Map<string, Reference>();
      if (event.type === 'DELETED') known.delete(uid);
      else {
        const { kind } = event.resource;
        known.set(uid, { kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name, uid });
      }
      if (known.size === 0) dependents.delete(reference.uid);
      else dependents.set(reference.uid, known);
    }
  };

  const hear = (event: StoreEvent) => {
    const { kind } = event.resource;
    let record: PodRecord | undefined;
    let left: LabelSet | undefined;
    if (kind === 'Pod') {
      const before = pods.get(event.key)?.set;
      record = event.type === 'DELETED' ? dropPod(event.key) : putPod(factsOf(event.object as Pod));
      if (before !== record?.set) left = before;
    } else if (kind === 'Node') {
      if (event.type === 'DELETED') nodes.delete(event.key.slice(1));
      else putNode(event.object as Node);
    } else if (kind === 'CiliumEndpoint') {
      if (event.type === 'DELETED') endpoints.delete(event.key);
      else endpoints.set(event.key, event.object.metadata.ownerReferences?.[0]?.uid ?? '');
    } else putDependent(event);
    if (OWNERS.has(kind)) {
      if (event.type === 'DELETED') alive.delete(event.object.metadata.uid ?? '');
      else alive.add(event.object.metadata.uid ?? '');
    }
    for (const listener of listeners) listener(event, record, left);
  };

  return {
    nodes,
    pods,
    ownedPods: (uid) => owned.get(uid) ?? nobody,
    namespaces: () => [...sets.keys()],
    labelSets: (namespace) => sets.get(namespace)?.values() ?? [],
    dependents: (uid) => dependents.get(uid)?.values() ?? [],
    endpointOwner: (key) => endpoints.get(key),
    exists: (uid) => alive.has(uid),
    restore: putPod,
    restoreEndpoint: (key, owner) => void endpoints.set(key, owner),
    listen: (listener) => listeners.push(listener),
    stop: store.subscribe(hear),
  };
}

function factsOf(pod: Pod): PodFacts {
  const { metadata, spec, status } = pod;
  const controller = metadata.ownerReferences?.find((reference) => reference.controller);
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
  const created = Date.parse(metadata.creationTimestamp ?? '') || 0;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    labels: metadata.labels ?? {},
    serviceAccount: spec.serviceAccountName ?? 'default',
    node: spec.nodeName ?? '',
    ip: status?.podIP ?? '',
    hostNetwork: spec.hostNetwork === true,
    phase: status?.phase ?? 'Pending',
    readySince: ready?.status === 'True' ? Date.parse(ready.lastTransitionTime ?? '') || Math.max(1, created) : 0,
    deleting: metadata.deletionTimestamp !== undefined,
    ownerUid: controller?.uid ?? '',
    ownerKind: controller?.kind ?? '',
    created,
  };
}

function readNode(node: Node, pods: Set<PodRecord> | undefined): NodeRecord {
  const labels = node.metadata.labels ?? {};
  return {
    name: node.metadata.name,
    uid: node.metadata.uid ?? '',
    created: Date.parse(node.metadata.creationTimestamp ?? '') || 0,
    ip: node.status?.addresses?.find((address) => address.type === 'InternalIP')?.address ?? '',
    pool: labels['kubernetes.azure.com/agentpool'] ?? '',
    nodeImage: labels['kubernetes.azure.com/node-image-version'] ?? '',
    labels,
    taints: node.spec.taints ?? [],
    unschedulable: node.spec.unschedulable === true,
    ready: node.status.conditions.find((condition) => condition.type === 'Ready')?.status === 'True',
    maxPods: Number(node.status.allocatable['pods'] ?? 110),
    prefix: (node.spec.podCIDR ?? '').replace(/\.0\/24$/, ''),
    pods: pods ?? new Set(),
  };
}

export function keyOf(object: { namespace?: string; name: string } | PodRecord): string {
  return `${object.namespace ?? ''}/${object.name}`;
}

export function labelsMatch(selector: Labels, labels: Readonly<Labels>): boolean {
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
}
