import type { RawObject } from '../objects/row.ts';
import { podCidrOf } from './create-addresses.ts';
import { type CreateInput, hasOwnNetwork, maxPodsOf, subnetId } from './create-input.ts';

/** What `az aks create` with the same flags would PUT, without keys for SSH: nobody needs them to run a cluster. */
export function clusterBody(input: CreateInput): RawObject {
  const { location, kubernetesVersion, isLts, acns, monitoring, workspace } = input;
  return {
    location,
    identity: { type: 'SystemAssigned' },
    sku: { name: 'Base', tier: isLts ? 'Premium' : 'Free' },
    properties: {
      ...(kubernetesVersion === '' ? {} : { kubernetesVersion }),
      ...(isLts ? { supportPlan: 'AKSLongTermSupport' } : {}),
      dnsPrefix: dnsPrefix(input),
      enableRBAC: true,
      agentPoolProfiles: [poolBody(input)],
      networkProfile: { ...networkBody(input), ...(acns ? { advancedNetworking: { enabled: true } } : {}) },
      ...(monitoring
        ? {
            addonProfiles: {
              omsagent: {
                enabled: true,
                config: { logAnalyticsWorkspaceResourceID: workspace, useAADAuth: 'true' },
              },
            },
          }
        : {}),
    },
  };
}

function poolBody(input: CreateInput): RawObject {
  const { mode, pool, network } = input;
  const own = hasOwnNetwork(input);
  return {
    name: pool.name,
    mode: 'System',
    type: 'VirtualMachineScaleSets',
    osType: 'Linux',
    count: pool.nodes,
    maxPods: maxPodsOf(input),
    ...(pool.vmSize === '' ? {} : { vmSize: pool.vmSize }),
    ...(pool.osSku === '' ? {} : { osSKU: pool.osSku }),
    ...(pool.mostNodes > 0 ? { enableAutoScaling: true, minCount: pool.nodes, maxCount: pool.mostNodes } : {}),
    ...(pool.maxSurge === '' ? {} : { upgradeSettings: { maxSurge: pool.maxSurge } }),
    ...(own ? { vnetSubnetID: subnetId(input, network.nodeSubnet) } : {}),
    ...(mode === 'pod-subnet' ? { podSubnetID: subnetId(input, network.podSubnet) } : {}),
    ...(network.staticBlocks ? { podIPAllocationMode: 'StaticBlock' } : {}),
  };
}

function networkBody(input: CreateInput): RawObject {
  const { mode, serviceCidr, dnsServiceIP, dualStack } = input;
  const podCidr = podCidrOf(input);
  const plugins = {
    overlay: {
      networkPlugin: 'azure',
      networkPluginMode: 'overlay',
      networkDataplane: 'cilium',
      networkPolicy: 'cilium',
    },
    'pod-subnet': { networkPlugin: 'azure', networkDataplane: 'cilium', networkPolicy: 'cilium' },
    'node-subnet': { networkPlugin: 'azure', networkDataplane: 'cilium', networkPolicy: 'cilium' },
    byo: { networkPlugin: 'none' },
  };
  return {
    ...plugins[mode],
    ...(podCidr === '' ? {} : { podCidr }),
    ...(serviceCidr === '' ? {} : { serviceCidr, dnsServiceIP }),
    ...(dualStack ? { ipFamilies: ['IPv4', 'IPv6'] } : {}),
    loadBalancerSku: 'standard',
    outboundType: 'loadBalancer',
  };
}

/** As az makes one where nobody gives it. */
function dnsPrefix({ name, resourceGroup, subscription }: CreateInput): string {
  const part = name.replace(/[^A-Za-z0-9-]/g, '').slice(0, 10);
  const first = /^[A-Za-z0-9]/.test(part) ? part : `a${part}`;
  const group = resourceGroup.replace(/[^A-Za-z0-9-]/g, '').slice(0, 16);
  return `${first}-${group}-${subscription.slice(0, 6)}`.replace(/-+$/, '');
}
