// A small world on a frozen clock: it lives only as far as a test lets it.
import type { KubeObject } from '../../../src/simulator/cluster.ts';
import { builtInResources, customResourceDefinitions } from '../../../src/simulator/resources/index.ts';
import { createObjectStore } from '../../../src/simulator/store.ts';
import { createWorldClock } from '../../../src/simulator/world/clock.ts';
import type { CiliumEndpoint, CiliumEndpointSlice, Node, Pod } from '../../../src/simulator/world/shapes.ts';
import { createWorld, type WorldOptions } from '../../../src/simulator/world/world.ts';

export const START = Date.parse('2026-11-22T12:00:00Z');

export function aWorld(options: Partial<Omit<WorldOptions, 'clock'>> = {}) {
  const clock = createWorldClock(START);
  const store = createObjectStore(builtInResources(), () => clock.now());
  for (const definition of customResourceDefinitions()) store.create(definition, 'test');
  const world = createWorld(store, { nodes: 6, pods: 90, ...options, clock });
  const pods = (namespace?: string) => store.list('Pod', namespace) as Pod[];
  const help = {
    world,
    store,
    pods,
    nodes: () => store.list('Node') as Node[],
    node: (name: string) => store.get('Node', '', name) as Node,
    agents: () => pods('kube-system').filter((pod) => pod.metadata.labels?.['k8s-app'] === 'cilium'),
    operators: () => pods('kube-system').filter((pod) => pod.metadata.labels?.['io.cilium/app'] === 'operator'),
    endpoints: () => store.list('CiliumEndpoint') as CiliumEndpoint[],
    slices: () => store.list('CiliumEndpointSlice') as CiliumEndpointSlice[],
    warnings: () => store.list('Event').filter((event) => event['type'] === 'Warning'),
    /** As DELETE of the API: a pod on a node is asked, anything else goes. */
    remove(object: KubeObject) {
      const { namespace = '', name } = object.metadata;
      if (object.kind !== 'Pod' || !(object as Pod).spec.nodeName) return store.remove(object.kind, namespace, name);
      help.edit(object.kind, namespace, name, (pod: Pod) => {
        pod.metadata.deletionTimestamp = new Date(world.now() + 30_000).toISOString();
        pod.metadata.deletionGracePeriodSeconds = 30;
      });
    },
    edit<T extends KubeObject>(kind: string, namespace: string, name: string, change: (object: T) => void) {
      const object = store.get(kind, namespace, name) as T;
      change(object);
      store.update(object, 'kubectl-edit');
    },
    /** Lives until it holds, at most so long; the time it took in seconds. */
    until(holds: () => boolean, seconds = 120): number {
      const from = world.now();
      while (!holds()) {
        if (world.now() - from > seconds * 1000) throw new Error(`not within ${seconds} s of the world`);
        world.advance(250);
      }
      return (world.now() - from) / 1000;
    },
  };
  return help;
}

export type AWorld = ReturnType<typeof aWorld>;

/** What must hold whenever the world has been left alone for a while; each broken rule in words. */
export function broken({ pods, endpoints, slices, store }: AWorld): string[] {
  const found: string[] = [];
  const live = new Map(pods().map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]));
  const places = new Map<string, number>();
  const sliced = new Map<string, CiliumEndpointSlice['endpoints'][number]>();
  for (const slice of slices()) {
    if (!/^ces-[bcdfghjklmnpqrstvwxyz2-9]{9}-[bcdfghjklmnpqrstvwxyz2-9]{5}$/.test(slice.metadata.name))
      found.push(`name ${slice.metadata.name}`);
    if (slice.endpoints.length === 0 || slice.endpoints.length > 100)
      found.push(`${slice.endpoints.length} entries in ${slice.metadata.name}`);
    for (const entry of slice.endpoints) {
      const key = `${slice.namespace}/${entry.name}`;
      places.set(key, (places.get(key) ?? 0) + 1);
      sliced.set(key, entry);
    }
  }
  const addresses = new Map<string, string>();
  const named = new Set<string>();
  const identities = new Map(store.list('CiliumIdentity').map((one) => [one.metadata.name, one]));
  for (const endpoint of endpoints()) {
    const key = `${endpoint.metadata.namespace}/${endpoint.metadata.name}`;
    named.add(key);
    const pod = live.get(key);
    const entry = sliced.get(key);
    if (pod === undefined) found.push(`endpoint without pod ${key}`);
    else if (endpoint.metadata.ownerReferences?.[0]?.uid !== pod.metadata.uid)
      found.push(`endpoint of an earlier pod ${key}`);
    if (places.get(key) !== 1) found.push(`${key} in ${places.get(key) ?? 0} slices`);
    if (entry?.id !== endpoint.status?.identity?.id) found.push(`identity of ${key}`);
    const ip = endpoint.status?.networking?.addressing[0]?.ipv4 ?? '';
    if (entry?.networking.addressing[0]?.ipv4 !== ip) found.push(`address of ${key}`);
    if (pod?.status.podIP !== undefined && pod.status.podIP !== ip) found.push(`pod address of ${key}`);
    if (addresses.has(ip)) found.push(`${ip} is of ${key} and of ${addresses.get(ip)}`);
    addresses.set(ip, key);
    const identity = identities.get(String(endpoint.status?.identity?.id));
    const labels = Object.entries((identity?.['security-labels'] ?? {}) as Record<string, string>).map(
      ([name, value]) => `${name}=${value}`,
    );
    if (JSON.stringify(labels.sort()) !== JSON.stringify([...(endpoint.status?.identity?.labels ?? [])].sort()))
      found.push(`labels of ${key}`);
  }
  for (const key of places.keys()) if (!named.has(key)) found.push(`stale ${key}`);
  for (const [key, pod] of live) {
    // A pod whose work is done keeps nothing of the network.
    if (pod.status.phase === 'Succeeded') {
      if (named.has(key)) found.push(`endpoint of ${key}, which is done`);
      continue;
    }
    if (pod.status.phase !== 'Running') found.push(`${key} is ${pod.status.phase}`);
    if (!pod.spec.hostNetwork && !named.has(key)) found.push(`pod without endpoint ${key}`);
  }
  return found;
}
