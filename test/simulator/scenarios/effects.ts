// A scenario lived through without a server, and what can be seen in its objects.
import type { KubeObject, ObjectStore } from '../../../src/simulator/cluster.ts';
import { scenarios } from '../../../src/simulator/scenarios/index.ts';
import { settledWorld } from '../../../src/simulator/simulate.ts';
import type { World } from '../../../src/simulator/world/world.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects as they are on the wire
export type Loose = any;

export type Lived = {
  world: World;
  store: ObjectStore;
  list(kind: string): Loose[];
  pods(label: string, value: string): Loose[];
  now: number;
};

export function live(id: string, size: { nodes?: number; pods?: number; churn?: number } = {}): Lived {
  const scenario = scenarios.find((each) => each.id === id);
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  const world = settledWorld({ scenario, seed: 1, port: 0, faults: [], ...size });
  const { store } = world;
  const list = (kind: string): KubeObject[] =>
    store.resources().some((each) => each.kind === kind) ? store.list(kind) : [];
  return {
    world,
    store,
    list,
    pods: (label, value) => list('Pod').filter((pod) => pod.metadata.labels?.[label] === value),
    now: world.now(),
  };
}

export function isReady(object: Loose): boolean {
  return object.status.conditions?.some((each: Loose) => each.type === 'Ready' && each.status === 'True') ?? false;
}

/** `CrashLoopBackOff` of the named container, or what else it waits for. */
export function waitsFor(pod: Loose, container: string): string | undefined {
  const all = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
  return all.find((each: Loose) => each.name === container)?.state?.waiting?.reason;
}

export function tainted({ list }: Lived): string[] {
  return list('Node')
    .filter((node) => node.spec.taints?.some((taint: Loose) => taint.key === 'node.cilium.io/agent-not-ready'))
    .map((node) => node.metadata.name);
}

/** Pairs of endpoint and slice entry, and what is left over. */
export function slices({ list }: Lived) {
  const endpoints = new Map(
    list('CiliumEndpoint').map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]),
  );
  const entries = list('CiliumEndpointSlice').flatMap((slice) =>
    slice.endpoints.map((entry: Loose) => ({ key: `${slice.namespace}/${entry.name}`, entry })),
  );
  const keys = entries.map(({ key }) => key);
  const known = new Set(keys);
  const addresses = entries.map(({ entry }) => entry.networking.addressing[0].ipv4);
  return {
    missing: [...endpoints.keys()].filter((key) => !known.has(key)),
    stale: keys.filter((key) => !endpoints.has(key)),
    duplicate: keys.filter((key, index) => keys.indexOf(key) !== index),
    wrongIdentity: entries
      .filter(({ key, entry }) => endpoints.has(key) && endpoints.get(key).status.identity.id !== entry.id)
      .map(({ key }) => key),
    sharedAddress: addresses.filter((address, index) => addresses.indexOf(address) !== index),
    endpoints,
  };
}
