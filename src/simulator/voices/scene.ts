// What a voice may know: the objects, the clock, and the causes that no object tells. Whatever it says follows from
// these, so that a log line, an exec answer and an object never disagree.
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectStore } from '../cluster.ts';
import { type CausesInForce, noCauses } from '../world/causes.ts';
import { type DeadService, followDeadServices } from './dead-services.ts';
import { createPolicyView, type PolicyView } from './policy-view.ts';
import { type ConfigMap, type Endpoint, type Identity, type Lease, type Node, type Pod, timeOf } from './shapes.ts';

export type Scene = {
  store: ObjectStore;
  /** Milliseconds since 1970, of the world. */
  now(): number;
  /** The CiliumEndpoints of a node, in the order of their agent-local ids. */
  endpointsOn(pod: Pod): Endpoint[];
  /** What no object tells: what the node itself suffers from. */
  causes: CausesInForce;
  /** What the policies make of the identities as they are now. */
  policies(): PolicyView;
  /** Services behind which nobody is ready. */
  deadServices(): readonly DeadService[];
};

/** What policies rest on: while none of these changes, what follows from them does not. */
const POLICIES = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const;
const BESIDES = ['CiliumCIDRGroup', 'Namespace', 'Service', 'Node'] as const;

/** `podsOn` lists the pods of a node, by its name. */
export function createScene(
  store: ObjectStore,
  now: () => number,
  podsOn: (node: string) => Iterable<{ namespace: string; name: string; hostNetwork: boolean }>,
  causes: CausesInForce = noCauses(),
): Scene {
  let view: PolicyView | undefined;
  const concerns = new Set<string>([...POLICIES, ...BESIDES, 'CiliumIdentity']);
  store.subscribe(({ type, resource, object, previous }) => {
    const { kind } = resource;
    const config = kind === 'ConfigMap' && object.metadata.name === 'cilium-config';
    if (!config && !concerns.has(kind)) return;
    // A node tells every few seconds that it lives: only its labels matter.
    const same =
      type === 'MODIFIED' && kind === 'Node' && isDeepStrictEqual(object.metadata.labels, previous?.metadata.labels);
    if (!same) view = undefined;
  });
  const scene: Scene = {
    store,
    now,
    causes,
    deadServices: followDeadServices(store),
    policies() {
      view ??= policyViewOf(scene, policiesOf(scene));
      return view;
    },
    endpointsOn(pod) {
      const found: Endpoint[] = [];
      for (const each of podsOn(pod.spec?.nodeName ?? '')) {
        const endpoint = each.hostNetwork
          ? undefined
          : getOf<Endpoint>(scene, 'CiliumEndpoint', each.namespace, each.name);
        if (endpoint !== undefined) found.push(endpoint);
      }
      return found.sort((a, b) => (a.status?.id ?? 0) - (b.status?.id ?? 0));
    },
  };
  return scene;
}

/** The three kinds of policies. */
export function policiesOf(scene: Scene): KubeObject[] {
  return POLICIES.flatMap((kind) => listOf(scene, kind));
}

/** What these policies would make of the cluster as it is now. */
export function policyViewOf(scene: Scene, policies: readonly KubeObject[]): PolicyView {
  const config = getOf(scene, 'ConfigMap', 'kube-system', 'cilium-config');
  const objects = [...policies, ...BESIDES.flatMap((kind) => listOf(scene, kind))];
  const agents = getOf<DaemonSet>(scene, 'DaemonSet', 'kube-system', 'cilium');
  const image = agents?.spec?.template?.spec?.containers?.[0]?.image;
  return createPolicyView(
    config === undefined ? objects : [...objects, config],
    listOf<Identity>(scene, 'CiliumIdentity'),
    versionOf(image),
  );
}

type DaemonSet = KubeObject & { spec?: { template?: { spec?: { containers?: { image?: string }[] } } } };

/** Objects of a kind, none where the kind is not served (its CustomResourceDefinition was deleted). */
export function listOf<T extends KubeObject>(scene: Scene, kind: string, namespace?: string): T[] {
  if (!isServed(scene, kind)) return [];
  return scene.store.list(kind, namespace) as T[];
}

export function getOf<T extends KubeObject>(
  scene: Scene,
  kind: string,
  namespace: string,
  name: string,
): T | undefined {
  if (!isServed(scene, kind)) return undefined;
  return scene.store.get(kind, namespace, name) as T | undefined;
}

export function isServed(scene: Scene, kind: string): boolean {
  return scene.store.resources().some((resource) => resource.kind === kind);
}

/** The agent's settings, empty where there are none. */
export function ciliumConfig(scene: Scene): Record<string, string> {
  return getOf<ConfigMap>(scene, 'ConfigMap', 'kube-system', 'cilium-config')?.data ?? {};
}

export function operatorLease(scene: Scene): Lease | undefined {
  return getOf<Lease>(scene, 'Lease', 'kube-system', 'cilium-operator-resource-lock');
}

export function nodeOf(scene: Scene, pod: Pod): Node | undefined {
  return getOf<Node>(scene, 'Node', '', pod.spec?.nodeName ?? '');
}

/** Whether the agent runs and yet its own health check fails: what it cannot do is reach the API server. */
export function isUnready(scene: Scene, pod: Pod): boolean {
  const present = getOf<Pod>(scene, 'Pod', pod.metadata.namespace ?? '', pod.metadata.name);
  const agent = present?.status?.containerStatuses?.find((each) => each.name === 'cilium-agent');
  // A container is not ready for a while after its start without anything being wrong.
  const started = timeOf(agent?.state?.running?.startedAt);
  return agent?.ready === false && started > 0 && scene.now() - started > 60_000;
}

/** Since when it is so, as far as the pod says; Infinity: it is not. */
export function unreadySince(scene: Scene, pod: Pod): number {
  if (!isUnready(scene, pod)) return Number.POSITIVE_INFINITY;
  const present = getOf<Pod>(scene, 'Pod', pod.metadata.namespace ?? '', pod.metadata.name);
  const ready = present?.status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'False' ? timeOf(ready.lastTransitionTime) : 0;
}

/** As `make` says, asked again only once something has changed, or a second has passed: habits ask thousands of times. */
export function lately<T>(scene: Scene, make: () => T): () => T {
  let known: { version: number; second: number; value: T } | undefined;
  return () => {
    const { version } = scene.store;
    const second = Math.floor(scene.now() / 1000);
    if (known?.version !== version || known.second !== second) known = { version, second, value: make() };
    return known.value;
  };
}

/** `1.18.6` of the image's tag `v1.18.6-260610`, empty where the tag says nothing. */
export function versionOf(image: string | undefined): string {
  return /:v?(\d+\.\d+\.\d+)/.exec(image ?? '')?.[1] ?? '';
}

/** Whether `version` is at least `minor` of major 1. A version that cannot be read counts as new. */
export function atLeast(version: string, minor: number): boolean {
  const found = /^1\.(\d+)/.exec(version);
  return found === null || Number(found[1]) >= minor;
}
