import { at, count, list, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { ManagedAcns, ManagedCluster, ManagedMonitoring, ManagedNetwork, ManagedPool } from './managed-cluster.ts';
import { partOf } from './resource-id.ts';

/**
 * A managed cluster as the wire has it (`properties` inside) or as Azure's SDK hands it over (`properties` spread into the
 * object), read by domain §1.1. Never throws: what is absent or odd reads as not said.
 */
export function readManagedCluster(raw: RawObject): ManagedCluster {
  const top = tolerant(raw);
  const properties = tolerant(raw.properties === undefined ? raw : record(raw.properties));
  const id = text(top('id'), LONGEST_ID);
  const access = tolerant(properties('apiServerAccessProfile'));
  const upgrade = tolerant(properties('autoUpgradeProfile'));
  return {
    id,
    subscription: partOf(id, 'subscriptions'),
    resourceGroup: partOf(id, 'resourceGroups'),
    name: text(top('name')) || partOf(id, 'managedClusters'),
    location: text(top('location')),
    // In the body, or in the header alone: then whoever read it adds it.
    etag: text(top('eTag')),
    sku: text(at(top('sku'), 'name')),
    tier: text(at(top('sku'), 'tier')),
    supportPlan: text(properties('supportPlan')),
    provisioningState: text(properties('provisioningState')),
    power: text(at(properties('powerState'), 'code')),
    kubernetesVersion: text(properties('kubernetesVersion')),
    currentKubernetesVersion: text(properties('currentKubernetesVersion')),
    fqdn: text(properties('fqdn')),
    privateFqdn: text(properties('privateFQDN')),
    nodeResourceGroup: text(properties('nodeResourceGroup')),
    network: readNetwork(properties('networkProfile')),
    acns: readAcns(tolerant(properties('networkProfile'))('advancedNetworking')),
    pools: list(properties('agentPoolProfiles'), MOST_POOLS).map(readPool),
    nodeProvisioning: text(at(properties('nodeProvisioningProfile'), 'mode')),
    monitoring: readMonitoring(properties('addonProfiles'), properties('azureMonitorProfile')),
    upgradeChannel: text(upgrade('upgradeChannel')),
    nodeOsUpgradeChannel: text(upgrade('nodeOSUpgradeChannel')),
    apiServer: {
      isPrivate: isTrue(access('enablePrivateCluster')),
      authorizedRanges: texts(access('authorizedIPRanges')),
    },
    localAccountsDisabled: isTrue(properties('disableLocalAccounts')),
    identity: text(at(top('identity'), 'type')),
    serviceMesh: text(at(properties('serviceMeshProfile'), 'mode')).replace(/^disabled$/i, ''),
  };
}

const LONGEST_ID = 1_024;
/** AKS allows a hundred pools; somebody else's answer may have any number. */
const MOST_POOLS = 200;

function readNetwork(raw: unknown): ManagedNetwork {
  const network = tolerant(raw);
  return {
    plugin: text(network('networkPlugin')).toLowerCase(),
    pluginMode: text(network('networkPluginMode')).toLowerCase(),
    dataplane: text(network('networkDataplane')).toLowerCase(),
    policy: text(network('networkPolicy')).toLowerCase(),
    podCidrs: oneOrMore(network('podCidrs'), network('podCidr')),
    serviceCidrs: oneOrMore(network('serviceCidrs'), network('serviceCidr')),
    dnsServiceIP: text(network('dnsServiceIP')),
    ipFamilies: texts(network('ipFamilies')),
    outboundType: text(network('outboundType')),
    loadBalancerSku: text(network('loadBalancerSku')),
    staticEgressGateway: isTrue(at(network('staticEgressGatewayProfile'), 'enabled')),
  };
}

function readAcns(raw: unknown): ManagedAcns {
  const whole = tolerant(raw);
  const security = tolerant(whole('security'));
  const enabled = isTrue(whole('enabled'));
  // On with the whole unless one says no: absent is not off.
  const suite = (part: unknown) => enabled && !isFalse(at(part, 'enabled'));
  return {
    enabled,
    observability: suite(whole('observability')),
    security: suite(whole('security')),
    policies: text(security('advancedNetworkPolicies')),
    encryption: text(at(security('transitEncryption'), 'type')),
    acceleration: text(at(whole('performance'), 'accelerationMode')),
  };
}

function readPool(raw: unknown): ManagedPool {
  const pool = tolerant(raw);
  const subnet = (name: string) => text(pool(name), LONGEST_ID);
  return {
    name: text(pool('name')),
    mode: text(pool('mode')),
    count: count(pool('count')),
    osType: text(pool('osType')),
    osSku: text(pool('osSKU')),
    vmSize: text(pool('vmSize')),
    nodeSubnet: subnet('vnetSubnetID'),
    podSubnet: subnet('podSubnetID'),
    podIpAllocation: text(pool('podIPAllocationMode')),
    maxPods: count(pool('maxPods')),
    version: text(pool('orchestratorVersion')),
    currentVersion: text(pool('currentOrchestratorVersion')),
    nodeImage: text(pool('nodeImageVersion')),
    provisioningState: text(pool('provisioningState')),
    power: text(at(pool('powerState'), 'code')),
    maxSurge: text(at(pool('upgradeSettings'), 'maxSurge')),
    autoscaling: isTrue(pool('enableAutoScaling')),
    minCount: count(pool('minCount')),
    maxCount: count(pool('maxCount')),
    fips: isTrue(pool('enableFIPS')),
    workloadRuntime: text(pool('workloadRuntime')),
    localDns: text(at(pool('localDNSProfile'), 'mode')),
  };
}

/** The add-on by any of the names that are about (domain §0: the log how-to itself has `osmagent`), and its successor. */
function readMonitoring(addons: unknown, profile: unknown): ManagedMonitoring {
  const byName = tolerant(addons);
  const addon = tolerant(byName('omsagent') ?? byName('osmagent'));
  const config = tolerant(addon('config'));
  const newer = tolerant(tolerant(profile)('containerInsights'));
  const byAddon = isTrue(addon('enabled'));
  const byProfile = isTrue(newer('enabled'));
  const workspaceOf = (value: unknown) => text(value, LONGEST_ID);
  return {
    containerInsights: byAddon || byProfile,
    workspace:
      (byAddon && workspaceOf(config('logAnalyticsWorkspaceResourceID'))) ||
      workspaceOf(newer('logAnalyticsWorkspaceResourceId')) ||
      workspaceOf(config('logAnalyticsWorkspaceResourceID')),
    managedIdentityAuth: isTrue(config('useAADAuth')) || (byProfile && !byAddon),
    flowLogs:
      (byAddon && (isTrue(config('enableContainerNetworkLogs')) || isTrue(config('enableRetinaNetworkFlags')))) ||
      (byProfile && /^enabled$/i.test(text(newer('containerNetworkLogs')))),
    managedPrometheus: isTrue(at(tolerant(profile)('metrics'), 'enabled')),
  };
}

/** Azure's services, SDKs and command line do not agree on the case of a name: exactly as written, else in any case. */
function tolerant(raw: unknown): (name: string) => unknown {
  const fields = record(raw);
  return (name) => {
    if (fields[name] !== undefined) return fields[name];
    const wanted = name.toLowerCase();
    const key = Object.keys(fields).find((one) => one.toLowerCase() === wanted);
    return key === undefined ? undefined : fields[key];
  };
}

/** Add-on settings are texts: `"True"`, `"true"`; some say `Enabled`. */
function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^(true|enabled)$/i.test(value));
}

function isFalse(value: unknown): boolean {
  return value === false || (typeof value === 'string' && /^(false|disabled)$/i.test(value));
}

function texts(value: unknown): string[] {
  return list(value, 200)
    .map((one) => text(one))
    .filter((one) => one !== '');
}

function oneOrMore(several: unknown, one: unknown): string[] {
  const all = texts(several);
  if (all.length > 0) return all;
  const single = text(one);
  return single === '' ? [] : [single];
}
