// The managed cluster as ARM would show this world's: everything of it follows from the world and its settings.

import { poolOf } from '../../world/inventory/nodes.ts';
import { KUBERNETES, NODE_IMAGE } from '../../world/inventory/versions.ts';
import type { World } from '../../world/world.ts';
import { type AzureSettings, azurePlace, clusterId, workspaceId } from '../azure-settings.ts';
import { subnetId } from './network-objects.ts';
import type { Properties, Resource } from './resource-store.ts';

/** As it was before anybody changed it through ARM. `world` undefined: a cluster on which nothing runs. */
export function managedClusterObject(world: World | undefined, settings: AzureSettings): Resource {
  const { location, cluster, nodeResourceGroup } = azurePlace;
  const version = withoutLetter(world?.causes.upgrade?.kubelet ?? KUBERNETES);
  // Flow logs come with them, or not at all.
  const acns = world?.options.acns || settings.flowLogs !== 'none';
  return {
    id: clusterId(),
    name: cluster,
    type: 'Microsoft.ContainerService/ManagedClusters',
    location,
    tags: { environment: 'production', 'cost-center': '4711' },
    sku: { name: 'Base', tier: 'Standard' },
    identity: {
      type: 'SystemAssigned',
      principalId: 'd27e4c90-58b3-4f16-a7c1-0e9b36d5842f',
      tenantId: azurePlace.tenant,
    },
    properties: {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      kubernetesVersion: version,
      currentKubernetesVersion: version,
      dnsPrefix: 'aks-prod-weu',
      fqdn: 'aks-prod-weu-6f1c2d3e.hcp.westeurope.azmk8s.io',
      azurePortalFQDN: 'aks-prod-weu-6f1c2d3e.portal.hcp.westeurope.azmk8s.io',
      agentPoolProfiles: poolObjects(world),
      nodeResourceGroup,
      enableRBAC: true,
      supportPlan: 'KubernetesOfficial',
      networkProfile: networkProfile(world, acns),
      addonProfiles: {
        azurepolicy: { enabled: true, config: null },
        omsagent: addon(settings),
      },
      aadProfile: {
        managed: true,
        adminGroupObjectIDs: ['8a5be9f2-17d0-46c3-94ab-f0c2d7e61b38'],
        enableAzureRBAC: true,
        tenantID: azurePlace.tenant,
      },
      apiServerAccessProfile: { authorizedIPRanges: ['203.0.113.0/24'], enablePrivateCluster: false },
      autoUpgradeProfile: { upgradeChannel: 'patch', nodeOSUpgradeChannel: 'NodeImage' },
      disableLocalAccounts: false,
      azureMonitorProfile: {
        metrics: { enabled: true, kubeStateMetrics: { metricLabelsAllowlist: '', metricAnnotationsAllowList: '' } },
      },
      nodeProvisioningProfile: { mode: 'Manual' },
      oidcIssuerProfile: {
        enabled: true,
        issuerURL: `https://westeurope.oic.prod-aks.azure.com/${azurePlace.tenant}/5e0c71d4-2f6b-4c8a-b9e3-6a1d80f4c257/`,
      },
      securityProfile: { workloadIdentity: { enabled: true } },
      maxAgentPools: 100,
      resourceUID: '66f0a3d1b7c24e0001a9d5e2',
    },
  };
}

/** What the add-on's profile says, by the settings: its values are texts. */
export function addon({ monitoring, flowLogs }: AzureSettings) {
  if (!monitoring) return { enabled: false, config: null };
  return {
    enabled: true,
    config: {
      logAnalyticsWorkspaceResourceID: workspaceId(),
      useAADAuth: 'true',
      ...(flowLogs === 'older-name' ? { enableRetinaNetworkFlags: 'True' } : {}),
      ...(flowLogs === 'analytics' || flowLogs === 'basic' ? { enableContainerNetworkLogs: 'True' } : {}),
    },
  };
}

/** What of the pools the world changes by itself: their nodes come and go, and take new images. */
export function livePool(world: World, pool: Properties): Properties {
  const nodes = [...world.view.nodes.values()].filter((node) => node.pool === pool['name']);
  const { upgrade } = world.causes;
  if (upgrade === undefined || upgrade.pool !== pool['name']) return pool;
  const version = withoutLetter(upgrade.kubelet);
  const isDone = nodes.every((node) => node.nodeImage === upgrade.nodeImage);
  return {
    ...pool,
    orchestratorVersion: version,
    ...(isDone
      ? { currentOrchestratorVersion: version, nodeImageVersion: upgrade.nodeImage }
      : { provisioningState: 'Upgrading' }),
  };
}

/** When the upgrade that is under way in the world began: its first node came then. Undefined: there is none. */
export function upgradeBegan(world: World | undefined): number | undefined {
  const upgrade = world?.causes.upgrade;
  if (world === undefined || upgrade === undefined) return undefined;
  const ofIt = [...world.view.nodes.values()].filter(
    ({ pool, nodeImage }) => pool === upgrade.pool && nodeImage === upgrade.nodeImage,
  );
  return ofIt.length === 0 ? undefined : Math.min(...ofIt.map(({ created }) => created));
}

function poolObjects(world: World | undefined): Properties[] {
  const nodes = world?.options.nodes ?? 0;
  const counts = new Map<string, number>();
  for (let index = 0; index < nodes; index++) {
    const { pool } = poolOf(index, nodes);
    counts.set(pool, (counts.get(pool) ?? 0) + 1);
  }
  if (counts.size === 0) counts.set('np1', 1);
  const version = withoutLetter(KUBERNETES);
  return [...counts].map(([name, count], index) => ({
    name,
    count,
    vmSize: 'Standard_D8s_v5',
    osDiskSizeGB: 128,
    osDiskType: 'Ephemeral',
    kubeletDiskType: 'OS',
    vnetSubnetID: subnetId('snet-nodes'),
    ...(world?.options.mode === 'pod-subnet'
      ? { podSubnetID: subnetId('snet-pods'), podIPAllocationMode: 'DynamicIndividual' }
      : {}),
    maxPods: 250,
    type: 'VirtualMachineScaleSets',
    availabilityZones: ['1', '2', '3'],
    enableAutoScaling: false,
    scaleDownMode: 'Delete',
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    orchestratorVersion: version,
    currentOrchestratorVersion: version,
    enableNodePublicIP: false,
    mode: index === 0 ? 'System' : 'User',
    enableEncryptionAtHost: false,
    osType: 'Linux',
    osSKU: 'Ubuntu',
    nodeImageVersion: NODE_IMAGE,
    upgradeSettings: { maxSurge: '10%' },
    enableFIPS: false,
  }));
}

function networkProfile(world: World | undefined, acns: boolean): Properties {
  const mode = world?.options.mode ?? 'overlay';
  const isLarge = (world?.options.nodes ?? 0) > 200;
  const podCidr = isLarge ? '10.64.0.0/10' : '10.244.0.0/16';
  const services = { serviceCidr: '10.0.0.0/16', serviceCidrs: ['10.0.0.0/16'], dnsServiceIP: '10.0.0.10' };
  const shared = {
    networkPlugin: 'azure',
    loadBalancerSku: 'standard',
    outboundType: 'loadBalancer',
    ipFamilies: ['IPv4'],
    ...services,
  };
  if (mode === 'no-cilium') return { ...shared, networkPolicy: 'azure', networkDataplane: 'azure' };
  if (mode === 'byo') return { ...shared, networkPlugin: 'none', podCidr, podCidrs: [podCidr] };
  return {
    ...shared,
    ...(mode === 'overlay' ? { networkPluginMode: 'overlay', podCidr, podCidrs: [podCidr] } : {}),
    networkPolicy: 'cilium',
    networkDataplane: 'cilium',
    ...(acns ? { advancedNetworking: advancedNetworking() } : {}),
  };
}

/** ACNS as `--enable-acns` with L7 policies leaves it. */
export function advancedNetworking() {
  return {
    enabled: true,
    observability: { enabled: true },
    security: { enabled: true, advancedNetworkPolicies: 'L7', transitEncryption: { type: 'None' } },
    performance: { accelerationMode: 'None' },
  };
}

function withoutLetter(version: string): string {
  return version.replace(/^v/, '');
}
