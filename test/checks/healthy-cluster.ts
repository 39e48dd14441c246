// A small managed cluster in which nothing is wrong: three nodes of pool np1, hours old. Cases lay their own objects over it.

export type Raw = Record<string, unknown>;

export const now = Date.parse('2026-11-22T12:00:00Z');
export const nodeNames = ['np1-0', 'np1-1', 'np1-2'] as const;

/** RFC 3339 of a moment so long before `now`. */
export function ago(milliseconds: number): string {
  return new Date(now - milliseconds).toISOString().replace('.000Z', 'Z');
}

const hour = 3_600_000;
const old = ago(5 * hour);

export function healthyCluster(): Raw[] {
  return [
    ...nodeNames.map(node),
    ...nodeNames.map((name, at) => ({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNode',
      metadata: { name, creationTimestamp: old },
      spec: { addresses: [{ type: 'InternalIP', ip: `10.0.0.${at + 4}` }] },
    })),
    daemonSet('cilium', 'cilium', { 'kubernetes.azure.com/managedby': 'aks' }, 'cilium-agent', agentImage),
    ...nodeNames.map((name, at) =>
      systemPod(`cilium-${at}`, name, ['DaemonSet', 'cilium'], { 'k8s-app': 'cilium' }, 'cilium-agent', agentImage),
    ),
    controllerRevision(),
    daemonSet('azure-cns', 'azure-cns', {}, 'cns-container', 'mcr.microsoft.com/containernetworking/azure-cns:v1.7.5'),
    ...nodeNames.map((name, at) =>
      systemPod(`azure-cns-${at}`, name, ['DaemonSet', 'azure-cns'], { 'k8s-app': 'azure-cns' }, 'cns-container'),
    ),
    ...deployment('cilium-operator', 2, { 'io.cilium/app': 'operator' }, 'cilium-operator', operatorImage),
    ...deployment('coredns', 2, { 'k8s-app': 'kube-dns' }, 'coredns'),
    ...deployment('konnectivity-agent', 2, { app: 'konnectivity-agent' }, 'konnectivity-agent'),
    lease(),
    config(),
    {
      apiVersion: 'acn.azure.com/v1alpha1',
      kind: 'ContainerNetworkLog',
      metadata: { name: 'denied', creationTimestamp: old },
      spec: { includefilters: [{ name: 'all', verdict: ['dropped'] }] },
      status: { state: 'CONFIGURED' },
    },
    ...nodeNames.flatMap((name, at) => workload('shop', `web-${at}`, name, at)),
    slice(
      'ces-shop-1',
      'shop',
      [0, 1, 2].map((at) => entry(`web-${at}`, at)),
    ),
  ];
}

const agentImage = 'mcr.microsoft.com/oss/cilium/cilium:v1.18.6-260219';
const operatorImage = 'mcr.microsoft.com/oss/cilium/operator-generic:v1.18.6-260219';

export function node(name: string, at = 9): Raw {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      creationTimestamp: old,
      labels: {
        'kubernetes.azure.com/agentpool': 'np1',
        'kubernetes.azure.com/cluster': 'MC_rg_aks',
        'kubernetes.azure.com/node-image-version': 'AKSUbuntu-2204gen2containerd-202610.18.0',
        'kubernetes.io/os': 'linux',
      },
    },
    spec: {},
    status: {
      addresses: [{ type: 'InternalIP', address: `10.0.0.${at + 4}` }],
      allocatable: { pods: '110' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: old }],
      nodeInfo: {
        kubeletVersion: 'v1.34.2',
        operatingSystem: 'linux',
        osImage: 'Ubuntu 22.04.5 LTS',
        kernelVersion: '5.15.0-1089-azure',
      },
    },
  };
}

export function systemPod(
  name: string,
  on: string,
  [ownerKind, owner]: readonly [string, string],
  labels: Raw,
  container: string,
  image = 'i:v1',
): Raw {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kube-system',
      creationTimestamp: old,
      labels,
      ownerReferences: [{ kind: ownerKind, name: owner, uid: `uid-${owner}`, controller: true }],
    },
    spec: { nodeName: on, hostNetwork: true, containers: [{ name: container, image }] },
    status: {
      phase: 'Running',
      podIP: '10.0.0.4',
      conditions: [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: old },
        { type: 'Ready', status: 'True', lastTransitionTime: old },
      ],
      containerStatuses: [
        { name: container, image, ready: true, restartCount: 0, state: { running: { startedAt: old } } },
      ],
    },
  };
}

function daemonSet(name: string, app: string, labels: Raw, container: string, image: string): Raw {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: 'kube-system', creationTimestamp: old, generation: 3, labels },
    spec: {
      selector: { matchLabels: { 'k8s-app': app } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2 } },
      template: {
        metadata: { labels: { 'k8s-app': app } },
        spec: {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  {
                    matchExpressions: [
                      { key: 'kubernetes.azure.com/cluster', operator: 'Exists' },
                      { key: 'type', operator: 'NotIn', values: ['virtual-kubelet'] },
                      { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
                    ],
                  },
                ],
              },
            },
          },
          tolerations: [{ operator: 'Exists' }],
          containers: [{ name: container, image }],
        },
      },
    },
    status: {
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      updatedNumberScheduled: 3,
      numberReady: 3,
      numberAvailable: 3,
      observedGeneration: 3,
    },
  };
}

function controllerRevision(): Raw {
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: 'cilium-7d9f',
      namespace: 'kube-system',
      creationTimestamp: old,
      ownerReferences: [{ kind: 'DaemonSet', name: 'cilium', uid: 'uid-cilium', controller: true }],
    },
    revision: 1,
  };
}

function deployment(name: string, replicas: number, labels: Raw, container: string, image = 'i:v1'): Raw[] {
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'kube-system', creationTimestamp: old, generation: 1 },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: container, image }] } },
      },
      status: {
        replicas,
        updatedReplicas: replicas,
        readyReplicas: replicas,
        availableReplicas: replicas,
        observedGeneration: 1,
      },
    },
    ...Array.from({ length: replicas }, (_, at) =>
      systemPod(`${name}-${at}`, nodeNames[at] ?? '', ['ReplicaSet', `${name}-5d4f8`], labels, container, image),
    ),
  ];
}

function lease(): Raw {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'cilium-operator-resource-lock', namespace: 'kube-system', creationTimestamp: old },
    spec: { holderIdentity: 'np1-0-x2x9k', renewTime: ago(2_000), acquireTime: old, leaseDurationSeconds: 15 },
  };
}

function config(): Raw {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'cilium-config',
      namespace: 'kube-system',
      creationTimestamp: old,
      managedFields: [{ manager: 'Eno', operation: 'Apply', time: old, fieldsV1: { 'f:data': { 'f:ipam': {} } } }],
    },
    data: { ipam: 'delegated-plugin', 'enable-cilium-endpoint-slice': 'true', 'kube-proxy-replacement': 'true' },
  };
}

/** A pod with its CiliumEndpoint. */
export function workload(namespace: string, name: string, on: string, at: number): Raw[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, creationTimestamp: old, labels: { app: 'web' } },
      spec: { nodeName: on, containers: [{ name: 'web', image: 'web:1' }] },
      status: {
        phase: 'Running',
        podIP: `10.244.0.${at + 10}`,
        podIPs: [{ ip: `10.244.0.${at + 10}` }],
        conditions: [
          { type: 'PodScheduled', status: 'True', lastTransitionTime: old },
          { type: 'Ready', status: 'True', lastTransitionTime: old },
        ],
        containerStatuses: [
          { name: 'web', image: 'web:1', ready: true, restartCount: 0, state: { running: { startedAt: old } } },
        ],
      },
    },
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumEndpoint',
      metadata: { name, namespace, creationTimestamp: old },
      status: {
        id: at + 100,
        state: 'ready',
        identity: { id: 20_000, labels: ['k8s:app=web'] },
        networking: { addressing: [{ ipv4: `10.244.0.${at + 10}` }], node: `10.0.0.${at + 4}` },
      },
    },
  ];
}

export function entry(name: string, at: number, identity = 20_000): Raw {
  return {
    name,
    id: identity,
    networking: { addressing: [{ ipv4: `10.244.0.${at + 10}` }], node: `10.0.0.${at + 4}` },
  };
}

export function slice(
  name: string,
  namespace: string,
  endpoints: readonly Raw[],
  manager = 'cilium-operator-generic',
  time = old,
): Raw {
  return {
    apiVersion: 'cilium.io/v2alpha1',
    kind: 'CiliumEndpointSlice',
    metadata: {
      name,
      creationTimestamp: old,
      managedFields: [{ manager, operation: 'Update', time, fieldsV1: { 'f:endpoints': {} } }],
    },
    namespace,
    endpoints,
  };
}
