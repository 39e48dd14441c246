/**
 * What we keep of a managed cluster as ARM tells it (domain §1.1). Every string is sanitised; '' = ARM does not say. A
 * plain literal, it crosses threads. `read-managed-cluster.ts` makes it of the raw object; whoever writes the cluster back
 * reads the raw object anew.
 */
export type ManagedCluster = {
  /** /subscriptions/…/managedClusters/NAME, as ARM writes it. */
  id: string;
  subscription: string;
  resourceGroup: string;
  name: string;
  location: string;
  etag: string;
  sku: string;
  tier: string;
  supportPlan: string;
  /** Open: anything but Succeeded, Failed and Canceled is an operation under way. */
  provisioningState: string;
  power: string;
  kubernetesVersion: string;
  currentKubernetesVersion: string;
  fqdn: string;
  privateFqdn: string;
  nodeResourceGroup: string;
  network: ManagedNetwork;
  acns: ManagedAcns;
  pools: readonly ManagedPool[];
  /** Node auto-provisioning: `Auto` or `Manual`; '' = not said. */
  nodeProvisioning: string;
  monitoring: ManagedMonitoring;
  upgradeChannel: string;
  nodeOsUpgradeChannel: string;
  apiServer: { isPrivate: boolean; authorizedRanges: readonly string[] };
  localAccountsDisabled: boolean;
  identity: string;
  /** `Istio` where the service mesh add-on is on; '' = none. */
  serviceMesh: string;
};

export type ManagedNetwork = {
  plugin: string;
  pluginMode: string;
  dataplane: string;
  policy: string;
  podCidrs: readonly string[];
  serviceCidrs: readonly string[];
  dnsServiceIP: string;
  ipFamilies: readonly string[];
  outboundType: string;
  loadBalancerSku: string;
  staticEgressGateway: boolean;
};

/** Advanced Container Networking Services: a suite that is not explicitly off is on with the whole. */
export type ManagedAcns = {
  enabled: boolean;
  observability: boolean;
  security: boolean;
  /** None, FQDN or L7; '' = not said. */
  policies: string;
  /** None, WireGuard or mTLS; '' = not said. */
  encryption: string;
  /** None or BpfVeth; '' = not said. */
  acceleration: string;
};

export type ManagedPool = {
  name: string;
  mode: string;
  count: number;
  osType: string;
  osSku: string;
  vmSize: string;
  nodeSubnet: string;
  podSubnet: string;
  podIpAllocation: string;
  maxPods: number;
  version: string;
  currentVersion: string;
  nodeImage: string;
  provisioningState: string;
  power: string;
  maxSurge: string;
  autoscaling: boolean;
  /** Of the autoscaler; 0 without it. */
  minCount: number;
  maxCount: number;
  fips: boolean;
  /** OCIContainer, KataVmIsolation (pod sandboxing) …; '' = not said. */
  workloadRuntime: string;
  /** LocalDNS: Preferred, Required or Disabled; '' = not said. */
  localDns: string;
};

export type ManagedMonitoring = {
  /** The add-on omsagent or azureMonitorProfile.containerInsights, whichever says yes. */
  containerInsights: boolean;
  /** Resource ID of the workspace; '' = none named. */
  workspace: string;
  managedIdentityAuth: boolean;
  /** Flow logs are collected (domain §1.1: by either of two names). */
  flowLogs: boolean;
  managedPrometheus: boolean;
};
