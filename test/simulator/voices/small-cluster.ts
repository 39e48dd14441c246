// Two nodes, an agent on each, a client and a database, as objects in a real store.
import type { KubeObject, ObjectStore } from '../../../src/simulator/cluster.ts';
import { builtInResources, customResourceDefinitions } from '../../../src/simulator/resources/index.ts';
import { createObjectStore } from '../../../src/simulator/store.ts';
import { createVoices, type Voices } from '../../../src/simulator/voices/voices.ts';

export const now = Date.parse('2026-11-22T03:00:00Z');
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString().replace('.000', '');

export type SmallCluster = {
  store: ObjectStore;
  voices: Voices;
  pod(namespace: string, name: string): KubeObject;
  clock: { now: number };
};

export function smallCluster(): SmallCluster {
  const clock = { now };
  const store = createObjectStore(builtInResources(), () => clock.now);
  for (const crd of customResourceDefinitions()) store.create(crd, 'cilium-operator');
  for (const object of objects()) store.create(object, 'test');
  const voices = createVoices(
    store,
    () => clock.now,
    (node) =>
      store
        .list('Pod')
        .filter((pod) => (pod.spec as { nodeName?: string }).nodeName === node)
        .map((pod) => ({
          namespace: pod.metadata.namespace ?? '',
          name: pod.metadata.name,
          hostNetwork: (pod.spec as { hostNetwork?: boolean }).hostNetwork === true,
        })),
  );
  return {
    store,
    voices,
    clock,
    pod(namespace, name) {
      const found = store.get('Pod', namespace, name);
      if (found === undefined) throw new Error(`no pod ${namespace}/${name}`);
      return found;
    },
  };
}

function objects(): KubeObject[] {
  return [
    ...['kube-system', 'shop'].map((name) => object('v1', 'Namespace', { name }, {})),
    object(
      'v1',
      'ConfigMap',
      { name: 'cilium-config', namespace: 'kube-system' },
      { data: { ipam: 'delegated-plugin', 'kube-proxy-replacement': 'true' } },
    ),
    ...[1, 2].flatMap((n) => [
      object(
        'v1',
        'Node',
        { name: `node-${n}` },
        { spec: {}, status: { nodeInfo: { kubeletVersion: 'v1.34.2', kernelVersion: '5.15.0' } } },
      ),
      object(
        'cilium.io/v2',
        'CiliumNode',
        { name: `node-${n}` },
        { spec: { addresses: [{ type: 'InternalIP', ip: `10.0.0.${n}` }] } },
      ),
    ]),
    agent('cilium-aaaaa', 'node-1', '10.0.0.1'),
    crashing('cilium-bbbbb', 'node-2', '10.0.0.2'),
    ...endpoint('client', 'node-1', '10.0.0.1', '10.244.0.5', 100, 1001, 30),
    ...endpoint('db', 'node-2', '10.0.0.2', '10.244.1.6', 200, 2002, 30),
    identity(1001, 'client'),
    identity(2002, 'db'),
    object(
      'cilium.io/v2alpha1',
      'CiliumEndpointSlice',
      { name: 'ces-bcdfghjkl-mnpqr' },
      {
        namespace: 'shop',
        endpoints: [
          { name: 'client', id: 1001, networking: { node: '10.0.0.1', addressing: [{ ipv4: '10.244.0.5' }] } },
          // The operator still believes in the identity the database had before.
          { name: 'db', id: 2001, networking: { node: '10.0.0.2', addressing: [{ ipv4: '10.244.1.6' }] } },
        ],
      },
    ),
  ];
}

function object(apiVersion: string, kind: string, metadata: KubeObject['metadata'], rest: object): KubeObject {
  return { apiVersion, kind, metadata: { creationTimestamp: ago(300), ...metadata }, ...rest };
}

const image = 'mcr.example.com/cilium/cilium-distroless:v1.18.6-260219';

function agent(name: string, node: string, hostIP: string): KubeObject {
  return object(
    'v1',
    'Pod',
    { name, namespace: 'kube-system', labels: { 'k8s-app': 'cilium' } },
    {
      spec: {
        nodeName: node,
        hostNetwork: true,
        initContainers: [{ name: 'mount-bpf-fs', image }],
        containers: [{ name: 'cilium-agent', image }],
      },
      status: {
        phase: 'Running',
        hostIP,
        initContainerStatuses: [
          { name: 'mount-bpf-fs', state: { terminated: { exitCode: 0, startedAt: ago(120), finishedAt: ago(120) } } },
        ],
        containerStatuses: [{ name: 'cilium-agent', ready: true, state: { running: { startedAt: ago(120) } } }],
      },
    },
  );
}

function crashing(name: string, node: string, hostIP: string): KubeObject {
  const ended = {
    exitCode: 32,
    reason: 'Error',
    message: 'mount: permission denied',
    startedAt: ago(2),
    finishedAt: ago(2),
  };
  return object(
    'v1',
    'Pod',
    { name, namespace: 'kube-system', labels: { 'k8s-app': 'cilium' } },
    {
      spec: {
        nodeName: node,
        hostNetwork: true,
        initContainers: [{ name: 'mount-bpf-fs', image }],
        containers: [{ name: 'cilium-agent', image }],
      },
      status: {
        phase: 'Pending',
        hostIP,
        initContainerStatuses: [
          {
            name: 'mount-bpf-fs',
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: ended },
          },
        ],
        containerStatuses: [{ name: 'cilium-agent', ready: false, state: { waiting: { reason: 'PodInitializing' } } }],
      },
    },
  );
}

export function endpoint(
  name: string,
  node: string,
  hostIP: string,
  ip: string,
  id: number,
  identityId: number,
  minutes: number,
): KubeObject[] {
  return [
    object(
      'v1',
      'Pod',
      { name, namespace: 'shop', labels: { app: name }, creationTimestamp: ago(minutes) },
      {
        spec: { nodeName: node, containers: [{ name, image: 'shop:1' }] },
        status: {
          phase: 'Running',
          hostIP,
          podIP: ip,
          containerStatuses: [{ name, ready: true, state: { running: { startedAt: ago(minutes) } } }],
        },
      },
    ),
    object(
      'cilium.io/v2',
      'CiliumEndpoint',
      { name, namespace: 'shop', creationTimestamp: ago(minutes) },
      {
        status: {
          id,
          state: 'ready',
          identity: { id: identityId, labels: [`k8s:app=${name}`, 'k8s:io.kubernetes.pod.namespace=shop'] },
          networking: { node: hostIP, addressing: [{ ipv4: ip }] },
        },
      },
    ),
  ];
}

function identity(id: number, app: string): KubeObject {
  return object(
    'cilium.io/v2',
    'CiliumIdentity',
    { name: String(id) },
    { 'security-labels': { 'k8s:app': app, 'k8s:io.kubernetes.pod.namespace': 'shop' } },
  );
}

export function policy(name: string, spec: object): KubeObject {
  return object(
    'cilium.io/v2',
    'CiliumNetworkPolicy',
    { name, namespace: 'shop', creationTimestamp: ago(10) },
    { spec },
  );
}
