import type { KubeObject, ObjectStore } from '../../src/simulator/cluster.ts';

export const applicationPods = 20;
export const systemPods = 3;

/** A few objects of the kinds that matter, for a cluster in which nothing lives. */
export function seed(store: ObjectStore): void {
  for (let i = 0; i < 3; i++) create(store, { apiVersion: 'v1', kind: 'Node', metadata: { name: `node-${i}` } });
  for (let i = 0; i < systemPods; i++) createPod(store, 'kube-system', `cilium-${i}`);
  create(store, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  for (let i = 0; i < applicationPods; i++) {
    createPod(store, 'shop', `web-${i}`);
    createEndpoint(store, 'shop', `web-${i}`);
  }
}

export function createPod(store: ObjectStore, namespace: string, name: string): void {
  create(store, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: 'web' } },
    spec: { nodeName: 'node-0', containers: [{ name: 'main', image: 'web:1' }] },
    status: { phase: 'Running' },
  });
}

export function createEndpoint(store: ObjectStore, namespace: string, name: string): void {
  create(store, {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumEndpoint',
    metadata: { name, namespace },
    status: { id: 1, state: 'ready', identity: { id: 1234, labels: ['k8s:app=web'] } },
  });
}

function create(store: ObjectStore, object: KubeObject): void {
  store.create(object, 'test');
}
