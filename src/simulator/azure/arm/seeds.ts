// Everything that is in the simulated subscription before anybody has changed it.
import type { World } from '../../world/world.ts';
import { type AzureSettings, azurePlace } from '../azure-settings.ts';
import { managedClusterObject } from './managed-cluster-object.ts';
import { diagnosticSettingObject, monitoringObjects } from './monitoring-objects.ts';
import { networkObjects } from './network-objects.ts';
import type { PastOperation } from './past-activity.ts';
import { poolsOf } from './pool-objects.ts';
import { etagOf, type Resource } from './resource-store.ts';

export function seeds(world: World | undefined, settings: AzureSettings, story: readonly PastOperation[]): Resource[] {
  const { subscription, tenant, resourceGroup, nodeResourceGroup, location } = azurePlace;
  const id = `/subscriptions/${subscription}`;
  const group = (name: string, where: string): Resource => ({
    id: `${id}/resourceGroups/${name}`,
    name,
    type: 'Microsoft.Resources/subscriptions/resourceGroups',
    location: where,
    properties: { provisioningState: 'Succeeded' },
  });
  const diagnostic = diagnosticSettingObject(settings);
  const all: Resource[] = [
    {
      id,
      name: subscription,
      type: 'Microsoft.Resources/subscriptions',
      ...{ subscriptionId: subscription, tenantId: tenant, displayName: 'Contoso Production', state: 'Enabled' },
      properties: {},
    },
    group(resourceGroup, location),
    group(nodeResourceGroup, location),
    group('dev-weu', location),
    group('batch-neu', 'northeurope'),
    ...networkObjects(),
    afterwards(managedClusterObject(world, settings), story),
    ...otherClusters(),
    ...monitoringObjects(settings),
    ...(diagnostic === undefined ? [] : [diagnostic]),
  ];
  return all.map((one) => ({ ...one, eTag: etagOf(one) }));
}

/** A pool on which something failed is as that left it. */
function afterwards(cluster: Resource, story: readonly PastOperation[]): Resource {
  const failed = new Set(story.flatMap(({ pool, failed: why }) => (why === undefined ? [] : [pool])));
  const agentPoolProfiles = poolsOf(cluster.properties).map((pool) =>
    failed.has(String(pool['name'])) ? { ...pool, provisioningState: 'Failed' } : pool,
  );
  return { ...cluster, properties: { ...cluster.properties, agentPoolProfiles } };
}

/** Who looks for a cluster must be able to find a wrong one. */
function otherClusters(): Resource[] {
  return [
    other('dev-weu', 'aks-dev-weu', 'westeurope', {
      networkPlugin: 'kubenet',
      podCidr: '10.244.0.0/16',
      podCidrs: ['10.244.0.0/16'],
      networkPolicy: 'calico',
    }),
    other('batch-neu', 'aks-batch-neu', 'northeurope', {
      networkPlugin: 'none',
      podCidr: '10.10.0.0/16',
      podCidrs: ['10.10.0.0/16'],
    }),
  ];
}

function other(group: string, name: string, location: string, network: Resource['properties']): Resource {
  const version = '1.33.6';
  return {
    id: `/subscriptions/${azurePlace.subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`,
    name,
    type: 'Microsoft.ContainerService/ManagedClusters',
    location,
    sku: { name: 'Base', tier: 'Free' },
    identity: { type: 'SystemAssigned', tenantId: azurePlace.tenant },
    properties: {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      kubernetesVersion: version,
      currentKubernetesVersion: version,
      dnsPrefix: name,
      fqdn: `${name}-2c8b61f0.hcp.${location}.azmk8s.io`,
      nodeResourceGroup: `MC_${group}_${name}_${location}`,
      agentPoolProfiles: [
        {
          name: 'nodepool1',
          count: 3,
          vmSize: 'Standard_D4s_v5',
          maxPods: 110,
          mode: 'System',
          osType: 'Linux',
          osSKU: 'Ubuntu',
          orchestratorVersion: version,
          currentOrchestratorVersion: version,
          provisioningState: 'Succeeded',
          powerState: { code: 'Running' },
        },
      ],
      networkProfile: {
        ...network,
        loadBalancerSku: 'standard',
        outboundType: 'loadBalancer',
        serviceCidr: '10.0.0.0/16',
        dnsServiceIP: '10.0.0.10',
        ipFamilies: ['IPv4'],
      },
      addonProfiles: {},
    },
  };
}
