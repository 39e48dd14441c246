import type { RawObject } from '../../../src/model/objects/row.ts';

/** A managed cluster as ARM tells it, with fields that nobody here knows; `with…` go over its parts. */
export function existingRaw(
  more: {
    properties?: RawObject;
    network?: RawObject;
    pool?: RawObject;
    pools?: readonly RawObject[];
    addons?: RawObject;
  } = {},
): RawObject {
  const { properties = {}, network = {}, pool = {}, pools, addons = {} } = more;
  return {
    id: '/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/rg1/providers/Microsoft.ContainerService/managedClusters/aks1',
    name: 'aks1',
    type: 'Microsoft.ContainerService/ManagedClusters',
    location: 'westeurope',
    eTag: 'e1',
    systemData: { createdBy: 'jane@contoso.example' },
    tags: { team: 'net' },
    strange: { kept: true },
    identity: { type: 'SystemAssigned', principalId: 'p', tenantId: 't' },
    properties: {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      kubernetesVersion: '1.35.1',
      currentKubernetesVersion: '1.35.1',
      fqdn: 'aks1-1.hcp.westeurope.azmk8s.io',
      agentPoolProfiles: pools ?? [
        {
          name: 'np1',
          count: 3,
          osType: 'Linux',
          osSKU: 'Ubuntu2404',
          orchestratorVersion: '1.35.1',
          currentOrchestratorVersion: '1.35.1',
          nodeImageVersion: 'AKSUbuntu-2404gen2containerd-202611.04.0',
          provisioningState: 'Succeeded',
          powerState: { code: 'Running' },
          futureField: ['kept'],
          ...pool,
        },
      ],
      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataplane: 'cilium',
        networkPolicy: 'cilium',
        podCidr: '10.244.0.0/16',
        serviceCidr: '10.0.0.0/16',
        dnsServiceIP: '10.0.0.10',
        ...network,
      },
      addonProfiles: addons,
      newProfile: { mode: 'Unknown' },
      ...properties,
    },
  };
}
