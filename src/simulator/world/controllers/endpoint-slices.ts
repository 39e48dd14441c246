import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import { type Labels, type Service, timeOf } from '../shapes.ts';
import { labelsMatch, type PodRecord } from '../view.ts';
import { ownerOf } from './rollout.ts';

/** Addresses of one EndpointSlice, at most. */
const FULL = 100;
const MANAGER = 'endpointslice-controller.k8s.io';

type Known = { namespace: string; name: string; uid: string; selector: Labels };
type Endpoint = { addresses: string[]; [field: string]: unknown };
type EndpointSlice = KubeObject & { endpoints: Endpoint[]; ports: unknown[] };

/** Kubernetes' EndpointSlices follow services and their pods. */
export function runEndpointSlices(core: Core): { syncAll(): void } {
  const { view } = core;
  const services = new Map<string, Map<string, Known>>();

  const reconcile = (key: string) => {
    const [namespace = '', name = ''] = key.split('/');
    const known = services.get(namespace)?.get(name);
    const service = known && core.get<Service>('Service', namespace, name);
    if (service === undefined || service.metadata.deletionTimestamp !== undefined) return;
    const pods: PodRecord[] = [];
    for (const set of view.labelSets(namespace)) {
      if (!labelsMatch(known?.selector ?? {}, set.labels)) continue;
      for (const pod of set.pods) if (pod.ip !== '' && pod.phase === 'Running') pods.push(pod);
    }
    write(service, pods);
  };

  /** Keeps each address in the slice it is in; new ones fill the first with room. */
  const write = (service: Service, pods: PodRecord[]) => {
    const namespace = service.metadata.namespace ?? '';
    const wanted = new Map(pods.map((pod) => [pod.uid, pod]));
    const slices: EndpointSlice[] = [];
    for (const reference of view.dependents(service.metadata.uid ?? '')) {
      const slice =
        reference.kind === 'EndpointSlice'
          ? core.get<EndpointSlice>('EndpointSlice', namespace, reference.name)
          : undefined;
      if (slice !== undefined) slices.push(slice);
    }
    const ports = portsOf(service);
    const next = slices.map((slice) => {
      const kept: Endpoint[] = [];
      for (const endpoint of slice.endpoints ?? []) {
        const uid = (endpoint['targetRef'] as { uid?: string } | undefined)?.uid ?? '';
        const pod = wanted.get(uid);
        if (pod === undefined) continue;
        wanted.delete(uid);
        kept.push(endpointOf(core, service, pod));
      }
      return { slice, endpoints: kept };
    });
    for (const pod of wanted.values()) {
      let room = next.find((one) => one.endpoints.length < FULL);
      if (room === undefined) {
        room = { slice: emptySlice(core, service, ports), endpoints: [] };
        next.push(room);
      }
      room.endpoints.push(endpointOf(core, service, pod));
    }
    if (next.length === 0) next.push({ slice: emptySlice(core, service, ports), endpoints: [] });
    let remaining = next.length;
    for (const { slice, endpoints } of next) {
      if (endpoints.length === 0 && remaining > 1 && slice.metadata.resourceVersion !== undefined) {
        remaining--;
        core.remove('EndpointSlice', namespace, slice.metadata.name);
      } else put(slice, endpoints, ports);
    }
  };

  const put = (slice: EndpointSlice, endpoints: Endpoint[], ports: unknown[]) => {
    const namespace = slice.metadata.namespace ?? '';
    const list = endpoints.length > 0 ? ports : [];
    if (slice.metadata.resourceVersion === undefined) {
      core.create({ ...slice, endpoints, ports: list }, 'kube-controller-manager');
      return;
    }
    if (JSON.stringify([slice.endpoints, slice.ports]) === JSON.stringify([endpoints, list])) return;
    core.edit<EndpointSlice>(
      'EndpointSlice',
      namespace,
      slice.metadata.name,
      'kube-controller-manager',
      undefined,
      (object) => {
        object.endpoints = endpoints;
        object.ports = list;
        object.metadata.annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': timeOf(core.now()) };
        return undefined;
      },
    );
  };

  const learn = (service: Service) => {
    const { namespace = '', name, uid = '' } = service.metadata;
    const known = services.get(namespace) ?? new Map<string, Known>();
    const { selector } = service.spec;
    if (selector === undefined || Object.keys(selector).length === 0) known.delete(name);
    else known.set(name, { namespace, name, uid, selector });
    services.set(namespace, known);
  };

  const ask = core.queue(300, reconcile);
  const asKey = (namespace: string, labels: Labels) => {
    for (const known of services.get(namespace)?.values() ?? []) {
      if (labelsMatch(known.selector, labels)) ask(`${namespace}/${known.name}`);
    }
  };
  core.listen((event, pod) => {
    const { kind } = event.resource;
    const { namespace = '', name } = event.object.metadata;
    if (kind === 'Service') {
      if (event.type === 'DELETED') services.get(namespace)?.delete(name);
      else {
        learn(event.object as Service);
        ask(`${namespace}/${name}`);
      }
    } else if (kind === 'EndpointSlice' && event.type === 'DELETED') {
      const service = event.object.metadata.labels?.['kubernetes.io/service-name'];
      if (service !== undefined) ask(`${namespace}/${service}`);
    } else if (pod !== undefined && (pod.ip !== '' || event.type === 'DELETED')) {
      asKey(namespace, pod.set.labels);
      const before = event.previous?.metadata.labels;
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(pod.set.labels)) asKey(namespace, before);
    }
  });
  for (const service of core.list<Service>('Service')) learn(service);
  return {
    syncAll() {
      for (const [namespace, known] of services) for (const name of known.keys()) reconcile(`${namespace}/${name}`);
    },
  };
}

function portsOf(service: Service): unknown[] {
  return (service.spec.ports ?? []).map((port) => ({
    name: port.name ?? '',
    port: typeof port.targetPort === 'number' ? port.targetPort : (NAMED[port.targetPort ?? ''] ?? port.port),
    protocol: port.protocol ?? 'TCP',
  }));
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
