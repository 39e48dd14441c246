import { type Node, timeOf } from '../shapes.ts';
import type { WorldOptions } from '../world-options.ts';

export type NodePlan = {
  /** Counts up through the cluster: addresses follow from it. */
  index: number;
  name: string;
  pool: string;
  systemPool: boolean;
  zone: string;
  kubelet: string;
  nodeImage: string;
  created: number;
};

const SUBSCRIPTION = '7f2c9b1e-3d5a-4a86-9c0d-51e8a4f6b2d7';
const GROUP = 'MC_prod-weu_aks-prod-weu_westeurope';

/** Which pool the node of this index is in: two pools in a small cluster, one more for each thousand nodes. */
export function poolOf(index: number, nodes: number): { pool: string; ordinal: number } {
  const pools = Math.max(2, Math.ceil(nodes / 1000));
  const size = Math.ceil(nodes / pools);
  return { pool: `np${Math.floor(index / size) + 1}`, ordinal: index % size };
}

/** `aks-np1-41750284-vmss00000a`: the number of an instance is written in base 36. */
export function nodeName(pool: string, ordinal: number): string {
  let hash = 17;
  for (const letter of pool) hash = (hash * 31 + letter.charCodeAt(0)) % 89_999_999;
  return `aks-${pool}-${10_000_000 + ((hash * 7919) % 89_999_999)}-vmss${ordinal.toString(36).padStart(6, '0')}`;
}

/** The node as the kubelet, the cloud provider and the operator leave it once it has settled. */
export function nodeObject(plan: NodePlan, options: WorldOptions, settled: boolean): Node {
  const { index, name, created } = plan;
  // Azure keeps the first four addresses of a subnet.
  const address = `10.224.${(index + 4) >> 8}.${(index + 4) & 255}`;
  const cidr = podCidr(index, options.nodes);
  const at = timeOf(created + 20_000);
  const beat = timeOf(options.clock.now());
  const cilium = options.mode !== 'no-cilium';
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    lastHeartbeatTime: beat,
    lastTransitionTime: at,
    reason,
    message,
  });
  const scaleSet = name.slice(0, -6);
  const instance = Number.parseInt(name.slice(-6), 36);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      creationTimestamp: timeOf(created),
      labels: nodeLabels(plan, options.mode),
      annotations: {
        'csi.volume.kubernetes.io/nodeid': JSON.stringify({ 'disk.csi.azure.com': name, 'file.csi.azure.com': name }),
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
      managedFields: [
        managed('kubelet', 'Update', created, {
          'f:metadata': { 'f:labels': { '.': {}, 'f:kubernetes.io/arch': {} } },
        }),
        managed('cloud-node-manager', 'Update', created + 8_000, {
          'f:metadata': { 'f:labels': { 'f:topology.kubernetes.io/region': {} } },
        }),
        managed('kubelet', 'Update', created + 20_000, { 'f:status': { 'f:conditions': {} } }, 'status'),
      ],
    },
    spec: {
      ...(options.mode === 'pod-subnet' ? {} : { podCIDR: cidr, podCIDRs: [cidr] }),
      providerID: `azure:///subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP.toLowerCase()}/providers/Microsoft.Compute/virtualMachineScaleSets/${scaleSet}/virtualMachines/${instance}`,
      ...(settled || !cilium
        ? {}
        : {
            taints: [
              {
                key: 'node.cilium.io/agent-not-ready',
                value: 'true',
                effect: 'NoSchedule',
                timeAdded: timeOf(created),
              },
            ],
          }),
    },
    status: {
      capacity: { cpu: '8', 'ephemeral-storage': '129886128Ki', memory: '32864352Ki', pods: '250' },
      allocatable: { cpu: '7820m', 'ephemeral-storage': '119703055367', memory: '28362848Ki', pods: '250' },
      conditions: [
        ...(cilium && settled
          ? [condition('NetworkUnavailable', 'False', 'CiliumIsUp', 'Cilium is running on this node')]
          : []),
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: `${(index * 2654435761) % 4294967296}`.padStart(32, '0'),
        systemUUID: `${(index * 40503) % 65536}`.padStart(8, '0').concat('-91c4-4d07-8a53-2f6be0c1d9e7'),
        bootID: `${(index * 7919) % 99991}`.padStart(8, '0').concat('-5b2e-46f9-b7a1-c80d3e94f512'),
        kernelVersion: plan.nodeImage.includes('2204') ? '5.15.0-1098-azure' : '6.8.0-1034-azure',
        osImage: plan.nodeImage.includes('2204') ? 'Ubuntu 22.04.5 LTS' : 'Ubuntu 24.04.3 LTS',
        containerRuntimeVersion: 'containerd://2.1.4',
        kubeletVersion: plan.kubelet,
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
      images: [],
    },
  };
}

/** A managedFields entry. */
export function managed(
  manager: string,
  operation: 'Update' | 'Apply',
  at: number,
  fields: object,
  subresource?: string,
) {
  return {
    manager,
    operation,
    apiVersion: 'v1',
    time: timeOf(at),
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function nodeLabels(plan: NodePlan, mode: WorldOptions['mode']) {
  const { name, pool, zone } = plan;
  return {
    agentpool: pool,
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/instance-type': 'Standard_D8s_v5',
    'beta.kubernetes.io/os': 'linux',
    'failure-domain.beta.kubernetes.io/region': 'westeurope',
    'failure-domain.beta.kubernetes.io/zone': zone,
    'kubernetes.azure.com/agentpool': pool,
    'kubernetes.azure.com/cluster': GROUP,
    'kubernetes.azure.com/consolidated-additional-properties': '5d1c7a62-b0c9-11f0-8c41-9a3be2d7c5f4',
    ...(mode === 'overlay' || mode === 'pod-subnet'
      ? { 'kubernetes.azure.com/ebpf-dataplane': 'cilium', 'kubernetes.azure.com/network-policy': 'cilium' }
      : {}),
    'kubernetes.azure.com/kubelet-identity-client-id': '0c9e51b7-4a62-4f8d-9b13-7d20c6e8fa45',
    'kubernetes.azure.com/mode': plan.systemPool ? 'system' : 'user',
    'kubernetes.azure.com/network-name': 'vnet-prod-weu',
    'kubernetes.azure.com/network-subnet': 'snet-nodes',
    'kubernetes.azure.com/node-image-version': plan.nodeImage,
    'kubernetes.azure.com/nodepool-type': 'VirtualMachineScaleSets',
    'kubernetes.azure.com/os-sku': 'Ubuntu',
    ...(mode === 'byo' ? {} : { 'kubernetes.azure.com/podnetwork-type': 'overlay' }),
    'kubernetes.azure.com/role': 'agent',
    'kubernetes.azure.com/storageprofile': 'managed',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': 'Standard_D8s_v5',
    'topology.disk.csi.azure.com/zone': zone,
    'topology.kubernetes.io/region': 'westeurope',
    'topology.kubernetes.io/zone': zone,
  };
}

/** AKS gives each node a /24 of the cluster's pod CIDR: a /16 holds 256 of them, a bigger cluster is made with a bigger one. */
function podCidr(index: number, nodes: number): string {
  return nodes <= 200 && index < 256 ? `10.244.${index}.0/24` : `10.${64 + (index >> 8)}.${index & 255}.0/24`;
}
