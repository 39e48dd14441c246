import { azurePlace } from '../azure-settings.ts';
import type { Resource } from './resource-store.ts';

const network = 'vnet-prod-weu';

/** The virtual network that nodes' labels name; its subnets are the only ones there are. */
const subnets: readonly { name: string; prefix: string; delegation?: string }[] = [
  { name: 'snet-nodes', prefix: '10.224.0.0/16' },
  { name: 'snet-pods', prefix: '10.232.0.0/14' },
  { name: 'snet-free', prefix: '10.225.0.0/22' },
  { name: 'snet-small', prefix: '10.225.8.0/28' },
  { name: 'snet-databases', prefix: '10.225.16.0/24', delegation: 'Microsoft.DBforPostgreSQL/flexibleServers' },
];

export function networkId(): string {
  const { subscription, resourceGroup } = azurePlace;
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/virtualNetworks/${network}`;
}

export function subnetId(name: string): string {
  return `${networkId()}/subnets/${name}`;
}

/** The network, which holds its subnets, and each subnet by itself. */
export function networkObjects(): Resource[] {
  const objects = subnets.map(({ name, prefix, delegation }) => ({
    id: subnetId(name),
    name,
    type: 'Microsoft.Network/virtualNetworks/subnets',
    properties: {
      provisioningState: 'Succeeded',
      addressPrefix: prefix,
      delegations:
        delegation === undefined
          ? []
          : [
              {
                name: 'delegation',
                id: `${subnetId(name)}/delegations/delegation`,
                type: 'Microsoft.Network/virtualNetworks/subnets/delegations',
                properties: { provisioningState: 'Succeeded', serviceName: delegation, actions: [] },
              },
            ],
      privateEndpointNetworkPolicies: 'Disabled',
      privateLinkServiceNetworkPolicies: 'Enabled',
    },
  }));
  return [
    {
      id: networkId(),
      name: network,
      type: 'Microsoft.Network/virtualNetworks',
      location: azurePlace.location,
      properties: {
        provisioningState: 'Succeeded',
        addressSpace: { addressPrefixes: ['10.224.0.0/12'] },
        subnets: objects,
        virtualNetworkPeerings: [],
        enableDdosProtection: false,
      },
    },
    ...objects,
  ];
}
