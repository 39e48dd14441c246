import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import { type Labels, type Service, timeOf } from '../shapes.ts';
import { labelsMatch, type PodRecord } from '../view.ts';
import { ownerOf } from './rollout.ts';

/** Addresses of one EndpointSlice, at most. */
const FULL = 100;
const MANAGER = 'endpointslice-controller.k8s.io';

type Known = { namespace: string; name: string; uid: string; selector: Labels; service: Service };
type Endpoint = {
  addresses: string[];
  conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean };
  nodeName?: string;
  targetRef?: { kind?: string; namespace?: string; name?: string; uid?: string };
  [field: string]: unknown;
};
type EndpointSlice = KubeObject & { endpoints: Endpoint[]; ports: unknown[] };

type SliceRecord = {
  namespace: string;
  name: string /** What is said of each pod, by uid. */;
  members: Map<string, string>;
};

/** Kubernetes' EndpointSlices follow services and their pods. */
export function runEndpointSlices(core: Core): { syncAll(): void } {
  const { view } = core;
  const services = new Map<string, Map<string, Known>>();
  /** By the service's uid. */
  const slices = new Map<string, Map<string, SliceRecord>>();
  /** What was written of each service's ports, by its uid. */
  const written = new Map<string, string>();
  let writing = false;

  const reconcile = (key: string) => {
    const [namespace = '', name = ''] = key.split('/');
    const known = services.get(namespace)?.get(name);
    if (known === undefined) return;
    const wanted = new Map<string, PodRecord>();
    for (const set of view.labelSets(namespace)) {
      if (!labelsMatch(known.selector, set.labels)) continue;
      for (const pod of set.pods) if (pod.ip !== '' && pod.phase === 'Running') wanted.set(pod.uid, pod);
    }
    const mine = [...(slices.get(known.uid)?.values() ?? [])];
    const ports = JSON.stringify(portsOf(known.service));
    const dirty = new Set<SliceRecord>((written.get(known.uid) ?? ports) === ports ? [] : mine);
    written.set(known.uid, ports);
    for (const slice of mine) {
      for (const [uid, told] of slice.members) {
        const pod = wanted.get(uid);
        wanted.delete(uid);
        const next = pod === undefined ? undefined : tell(pod);
        if (next === told) continue;
        dirty.add(slice);
        if (next === undefined) slice.members.delete(uid);
        else slice.members.set(uid, next);
      }
    }
    // Each address stays in the slice it is in; new ones fill the first with room.
    for (const pod of wanted.values()) {
      let room = mine.find((slice) => slice.members.size < FULL);
      if (room === undefined) {
        room = { namespace, name: '', members: new Map() };
        mine.push(room);
      }
      room.members.set(pod.uid, tell(pod));
      dirty.add(room);
    }
    if (mine.length === 0) dirty.add({ namespace, name: '', members: new Map() });
    if (dirty.size > 0) write(known, [...dirty], mine.length);
  };

  const write = (known: Known, dirty: SliceRecord[], count: number) => {
    const { service } = known;
    if (service.metadata.deletionTimestamp !== undefined) return;
    const pods = new Map(
      [...view.labelSets(known.namespace)]
        .filter((set) => labelsMatch(known.selector, set.labels))
        .flatMap((set) => [...set.pods].map((pod) => [pod.uid, pod] as const)),
    );
    let left = count;
    writing = true;
    for (const slice of dirty) {
      const endpoints = [...slice.members.keys()]
        .map((uid) => pods.get(uid))
        .filter((pod) => pod !== undefined)
        .map((pod) => endpointOf(core, service, pod));
      const ports = endpoints.length > 0 ? portsOf(service) : [];
      if (slice.name === '') {
        const made = core.create({ ...emptySlice(core, service, ports), endpoints }, 'kube-controller-manager');
        if (made !== undefined) remember(made as EndpointSlice);
      } else if (endpoints.length === 0 && left > 1) {
        left--;
        slices.get(known.uid)?.delete(slice.name);
        core.remove('EndpointSlice', slice.namespace, slice.name);
      } else {
        core.edit<EndpointSlice>(
          'EndpointSlice',
          slice.namespace,
          slice.name,
          'kube-controller-manager',
          undefined,
          (object) => {
            object.endpoints = endpoints;
            object.ports = ports;
            object.metadata.annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': timeOf(core.now()) };
            return undefined;
          },
        );
      }
    }
    writing = false;
  };

  /** What there is in a slice, by the pods' uids and what is said of them. */
  const remember = (object: EndpointSlice) => {
    const owner = object.metadata.ownerReferences?.[0]?.uid ?? '';
    const members = new Map<string, string>();
    for (const endpoint of object.endpoints ?? []) members.set(endpoint.targetRef?.uid ?? '', toldBy(endpoint));
    const known = slices.get(owner) ?? new Map<string, SliceRecord>();
    known.set(object.metadata.name, {
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name,
      members,
    });
    slices.set(owner, known);
  };

  const learn = (service: Service) => {
    const { namespace = '', name, uid = '' } = service.metadata;
    const known = services.get(namespace) ?? new Map<string, Known>();
    const { selector } = service.spec;
    if (selector === undefined || Object.keys(selector).length === 0) known.delete(name);
    else known.set(name, { namespace, name, uid, selector, service });
    services.set(namespace, known);
  };

  const ask = core.queue(core.brisk ? 2_000 : 500, reconcile);
  const asKey = (namespace: string, labels: Labels) => {
    for (const known of services.get(namespace)?.values() ?? []) {
      if (labelsMatch(known.selector, labels)) ask(`${namespace}/${known.name}`);
    }
  };
  core.listen((event, pod, left) => {
    const { kind } = event.resource;
    if (kind === 'Service') {
      const { namespace = '', name } = event.object.metadata;
      if (event.type === 'DELETED') services.get(namespace)?.delete(name);
      else {
        learn(event.object as Service);
        ask(event.key);
      }
    } else if (kind === 'EndpointSlice' && !writing) {
      const { namespace = '', name } = event.object.metadata;
      const service = event.object.metadata.labels?.['kubernetes.io/service-name'] ?? '';
      if (event.type === 'DELETED') slices.get(event.object.metadata.ownerReferences?.[0]?.uid ?? '')?.delete(name);
      else remember(event.object as EndpointSlice);
      ask(`${namespace}/${service}`);
    } else if (pod !== undefined && (pod.ip !== '' || event.type === 'DELETED')) {
      asKey(pod.namespace, pod.set.labels);
      if (left !== undefined) asKey(pod.namespace, left.labels);
    }
  });
  for (const service of core.list<Service>('Service')) learn(service);
  return {
    syncAll() {
      for (const [namespace, known] of services) for (const name of known.keys()) reconcile(`${namespace}/${name}`);
    },
  };
}

function tell(pod: PodRecord): string {
  return `${pod.ip} ${pod.ready && !pod.deleting} ${pod.deleting} ${pod.node}`;
}

function toldBy(endpoint: Endpoint): string {
  return `${endpoint.addresses[0]} ${endpoint.conditions?.ready} ${endpoint.conditions?.terminating} ${endpoint.nodeName}`;
}

/** A port whose target is a name that no container has is left out. */
function portsOf(service: Service): unknown[] {
  return (service.spec.ports ?? []).flatMap(({ name = '', port, targetPort = port, protocol = 'TCP' }) => {
    const target = typeof targetPort === 'number' ? targetPort : NAMED[targetPort];
    return target === undefined ? [] : [{ name, port: target, protocol }];
  });
}

/** The container ports that the cluster's own workloads name. */
const NAMED: Readonly<Record<string, number>> = { http: 8080, postgres: 5432, https: 4443, dns: 53, metrics: 9153 };

function emptySlice(core: Core, service: Service, ports: unknown[]): EndpointSlice {
  const { name, namespace = '' } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${core.random.suffix(5)}`,
      generateName: `${name}-`,
      namespace,
      labels: {
        ...service.metadata.labels,
        'endpointslice.kubernetes.io/managed-by': MANAGER,
        'kubernetes.io/service-name': name,
        ...(service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
      },
      ownerReferences: [
        { ...ownerOf({ ...service, apiVersion: 'v1', kind: 'Service' }), controller: true, blockOwnerDeletion: true },
      ],
    },
    addressType: 'IPv4',
    endpoints: [],
    ports,
  };
}

function endpointOf(core: Core, service: Service, pod: PodRecord): Endpoint {
  const node = core.view.nodes.get(pod.node);
  return {
    addresses: [pod.ip],
    conditions: { ready: pod.ready && !pod.deleting, serving: pod.ready, terminating: pod.deleting },
    ...(service.spec.clusterIP === 'None' && pod.ownerKind === 'StatefulSet' ? { hostname: pod.name } : {}),
    nodeName: pod.node,
    targetRef: { kind: 'Pod', name: pod.name, namespace: pod.namespace, uid: pod.uid },
    zone: node?.labels['topology.kubernetes.io/zone'] ?? '',
  };
}
