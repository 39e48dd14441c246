// What AKS refuses at once, in its words as far as they are known (domain §1.3, §1.4).
import { compare, parse } from 'semver';
import { ArmError } from './arm-error.ts';
import type { Ground } from './ground.ts';
import type { Properties, Resource } from './resource-store.ts';
import { offered, upgradesOf } from './upgrade-profile.ts';

/** Throws ArmError for a body that cannot become a cluster, or cannot become of this one. */
export function checkManagedCluster(ground: Ground, body: Properties, before: Resource | undefined): void {
  const properties = (body['properties'] ?? {}) as Properties;
  const pools = (properties['agentPoolProfiles'] ?? []) as Properties[];
  const network = (properties['networkProfile'] ?? {}) as Network;
  checkLocation(body['location'], before);
  if (before === undefined && pools.length === 0) {
    throw invalid('AgentPoolProfiles', 'A managed cluster needs at least one agent pool.');
  }
  checkVersion(String(properties['kubernetesVersion'] ?? ''), before);
  for (const pool of pools) {
    checkSubnet(ground, pool['vnetSubnetID']);
    checkSubnet(ground, pool['podSubnetID']);
    if (network.networkDataplane === 'cilium' && pool['osType'] === 'Windows') {
      throw invalid('networkProfile.networkDataplane', 'Cilium dataplane is not supported with Windows agent pools.');
    }
  }
  checkFlowLogs(properties, network);
  if (before !== undefined) checkNetworkChange((before.properties['networkProfile'] ?? {}) as Network, network);
}

type Network = {
  networkPlugin?: string;
  networkPluginMode?: string;
  networkDataplane?: string;
  advancedNetworking?: { enabled?: boolean };
};

function checkLocation(location: unknown, before: Resource | undefined): void {
  if (typeof location !== 'string' || location === '') {
    throw new ArmError(400, 'LocationRequired', 'The location property is required for this definition.');
  }
  if (before === undefined || before.location === location) return;
  throw new ArmError(
    409,
    'InvalidResourceLocation',
    `The resource '${before.name}' already exists in location '${before.location}' in resource group '${before.id.split('/')[4]}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
  );
}

function checkVersion(version: string, before: Resource | undefined): void {
  if (version === '') return;
  const now = String(before?.properties['currentKubernetesVersion'] ?? '');
  // A version may be asked for as its minor alone.
  if (version === now || (now !== '' && now.startsWith(`${version}.`))) return;
  const matching = offered.filter((one) => one === version || one.startsWith(`${version}.`));
  if (matching.length === 0) {
    const words = `Managed cluster is on version ${version}, which is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region.`;
    throw new ArmError(400, 'K8sVersionNotSupported', words);
  }
  if (now === '' || parse(now) === null) return;
  if (matching.some((one) => upgradesOf(now).some(({ kubernetesVersion }) => kubernetesVersion === one))) return;
  const isOlder = matching.every((one) => compare(one, now) < 0);
  throw new ArmError(
    400,
    'OperationNotAllowed',
    isOlder
      ? `Downgrading Kubernetes version ${now} to ${version} is not allowed.`
      : `Upgrading Kubernetes version ${now} to ${version} is not allowed. Available upgrades: [${upgradesOf(now)
          .map(({ kubernetesVersion }) => kubernetesVersion)
          .join(' ')}].`,
  );
}

function checkSubnet(ground: Ground, id: unknown): void {
  if (typeof id !== 'string' || id === '') return;
  if (ground.resources.get(id) === undefined) {
    throw new ArmError(
      400,
      'LinkedInvalidPropertyId',
      `The subnet '${id}' that is referenced by an agent pool was not found.`,
    );
  }
}

function checkFlowLogs(properties: Properties, network: Network): void {
  const addons = (properties['addonProfiles'] ?? {}) as {
    omsagent?: { enabled?: boolean; config?: Properties | null };
  };
  const { omsagent } = addons;
  const asked = /^true$/i.test(String(omsagent?.config?.['enableContainerNetworkLogs'] ?? ''));
  if (omsagent?.enabled !== true || !asked || network.advancedNetworking?.enabled === true) return;
  throw invalid('addonProfiles', "Flow logs requires '--enable-acns', advanced networking to be enabled.");
}

/** IPAM and data plane are changed one after the other, and a plug-in never. */
function checkNetworkChange(before: Network, after: Network): void {
  const plugin = (before.networkPlugin ?? '') !== (after.networkPlugin ?? '');
  const mode = (before.networkPluginMode ?? '') !== (after.networkPluginMode ?? '');
  const dataplane = (before.networkDataplane ?? 'azure') !== (after.networkDataplane ?? 'azure');
  if (plugin && before.networkPlugin !== 'kubenet') {
    throw new ArmError(
      400,
      'PropertyChangeNotAllowed',
      "Changing property 'networkProfile.networkPlugin' is not allowed.",
    );
  }
  if (mode && before.networkPluginMode === 'overlay') {
    throw new ArmError(
      400,
      'PropertyChangeNotAllowed',
      "Changing property 'networkProfile.networkPluginMode' is not allowed.",
    );
  }
  if (dataplane && before.networkDataplane === 'cilium') {
    throw new ArmError(
      400,
      'PropertyChangeNotAllowed',
      "Changing property 'networkProfile.networkDataplane' is not allowed.",
    );
  }
  if (mode && dataplane) {
    throw invalid(
      'networkProfile',
      'Updating networkPluginMode and networkDataplane in one operation is not supported.',
    );
  }
}

function invalid(target: string, message: string): ArmError {
  return new ArmError(
    400,
    'InvalidParameter',
    `The value of parameter ${target} is invalid. Error details: ${message}`,
  );
}
