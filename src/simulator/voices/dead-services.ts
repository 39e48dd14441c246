// Services that lead nowhere, and who tries them all the same: each attempt is dropped on the client's node.
import type { KubeObject, ObjectStore } from '../cluster.ts';
import { chance } from './chance.ts';
import { type Endpoint, type EndpointSlice, type ServiceObject, timeOf } from './shapes.ts';

/** A service's port behind which nobody is ready. */
export type DeadService = {
  namespace: string;
  name: string;
  ip: string;
  port: number;
  protocol: string;
  since: number;
  selector: Readonly<Record<string, string>>;
};

/** Followed from the first time that somebody asks. */
export function followDeadServices(store: ObjectStore): () => readonly DeadService[] {
  const services = new Map<string, Service>();
  const slices = new Map<string, Map<string, Ready>>();
  let dead: readonly DeadService[] | undefined;
  let follows = false;

  function take(kind: string, object: KubeObject, gone: boolean): void {
    const { namespace = '', name } = object.metadata;
    if (kind === 'Service') {
      if (gone) services.delete(`${namespace}/${name}`);
      else services.set(`${namespace}/${name}`, object as Service);
    } else {
      const key = `${namespace}/${object.metadata.labels?.['kubernetes.io/service-name'] ?? ''}`;
      const own = slices.get(key) ?? new Map<string, Ready>();
      slices.set(key, own);
      if (gone) own.delete(name);
      else own.set(name, readyOf(object as EndpointSlice));
    }
    dead = undefined;
  }

  return () => {
    if (!follows) {
      follows = true;
      for (const kind of ['Service', 'EndpointSlice']) for (const one of store.list(kind)) take(kind, one, false);
      store.subscribe(({ resource: { kind }, object, type }) => {
        if (kind === 'Service' || kind === 'EndpointSlice') take(kind, object, type === 'DELETED');
      });
    }
    dead ??= [...services].flatMap(([key, service]) => deadPorts(service, [...(slices.get(key)?.values() ?? [])]));
    return dead;
  };
}

/** Everybody asks DNS; of any other service every fourth pod of its namespace is a client. */
export function triedBy({ namespace, name, selector }: DeadService, { metadata, status }: Endpoint): boolean {
  const labels = status?.identity?.labels ?? [];
  if (Object.entries(selector).every(([key, value]) => labels.includes(`k8s:${key}=${value}`))) return false;
  if (namespace === 'kube-system' && name === 'kube-dns') return true;
  return metadata.namespace === namespace && chance(`${metadata.name} calls ${name}`) < 0.25;
}

type Service = ServiceObject & { spec?: { selector?: Record<string, string> } };
/** Names of the ports that somebody ready serves, and since when it is so. */
type Ready = { ports: ReadonlySet<string>; at: number };

function readyOf({ endpoints = [], ports, metadata }: EndpointSlice): Ready {
  const someReady = endpoints.some(({ conditions }) => conditions?.ready !== false);
  const trigger = metadata.annotations?.['endpoints.kubernetes.io/last-change-trigger-time'];
  return {
    ports: new Set(someReady ? (ports ?? []).map(({ name = '' }) => name) : []),
    at: timeOf(trigger ?? metadata.creationTimestamp),
  };
}

function deadPorts({ metadata, spec = {} }: Service, slices: readonly Ready[]): readonly DeadService[] {
  const { clusterIP = '', selector = {}, ports = [] } = spec;
  if (clusterIP === '' || clusterIP === 'None' || Object.keys(selector).length === 0) return [];
  const since = Math.max(0, ...slices.map(({ at }) => at));
  return ports
    .filter(({ name = '' }) => !slices.some((slice) => slice.ports.has(name)))
    .map(({ port, protocol = 'TCP' }) => ({
      ...{ namespace: metadata.namespace ?? '', name: metadata.name, ip: clusterIP },
      ...{ port, protocol, since, selector },
    }));
}
