// What is set up in Azure for the cluster and follows from no Kubernetes object: the one place that ARM's answers and
// the workspace's tables both go by.

/** Where flow logs go: to ContainerNetworkLogs on this plan, to the table's older name, or nowhere. */
export type FlowLogs = 'analytics' | 'basic' | 'older-name' | 'none';

export type AzureSettings = {
  /** The monitoring add-on: inventory, container logs, events, heartbeats, and the collection of flow logs. */
  monitoring: boolean;
  /** Needs ACNS and the add-on. */
  flowLogs: FlowLogs;
  /** A diagnostic setting for audit and control plane: tables of their own, AzureDiagnostics, or none at all. */
  audit: 'dedicated' | 'legacy' | 'none';
  /** ContainerLogV2 has kube-system too: container-azm-ms-agentconfig does not exclude it. */
  systemLogs: boolean;
  /** Seconds from event to row, at least and at most: what the agent on the nodes collects, and what Azure itself writes. */
  delay: { agent: readonly [number, number]; resource: readonly [number, number] };
  /** Nothing is taken in any more (daily cap, broken collection). */
  ingestionStopped: boolean;
  /** The workspace has taken in what a day may cost: only what is free still comes. */
  overDailyCap: boolean;
  /** The collection rule names another workspace: what the agents on the nodes collect goes there. */
  collectedElsewhere: boolean;
};

/** The settings in force. Whoever changes them (the control, a PUT of ARM) does it here, so that the workspace follows. */
export type LiveSettings = {
  now(): AzureSettings;
  change(next: Partial<AzureSettings>): void;
  /** `before` is called while the old settings are still in force, `after` with the new ones. */
  listen(listener: { before(): void; after(): void }): void;
};

export function createLiveSettings(first: AzureSettings): LiveSettings {
  const listeners: { before(): void; after(): void }[] = [];
  let settings = first;
  return {
    now: () => settings,
    change(next) {
      for (const { before } of listeners) before();
      settings = { ...settings, ...next };
      for (const { after } of listeners) after();
    },
    listen: (listener) => void listeners.push(listener),
  };
}

/** Domain §8.3; where `acns` is off no flow is logged. */
export function defaultAzureSettings(acns: boolean): AzureSettings {
  return {
    monitoring: true,
    flowLogs: acns ? 'analytics' : 'none',
    audit: 'dedicated',
    systemLogs: true,
    delay: { agent: [30, 120], resource: [180, 600] },
    ingestionStopped: false,
    overDailyCap: false,
    collectedElsewhere: false,
  };
}

/** Who the simulated cluster is in Azure. The node's providerID names the same subscription and group. */
export const azurePlace = {
  tenant: '4b1d0c35-8f27-4e69-a0b2-9c6e5d7f1a83',
  subscription: '7f2c9b1e-3d5a-4a86-9c0d-51e8a4f6b2d7',
  resourceGroup: 'prod-weu',
  nodeResourceGroup: 'MC_prod-weu_aks-prod-weu_westeurope',
  cluster: 'aks-prod-weu',
  location: 'westeurope',
  workspaceName: 'log-prod-weu',
  workspaceGuid: 'c2a7e5f0-61b4-4d38-8e9a-07d3b52f6c14',
} as const;

export function clusterId(): string {
  const { subscription, resourceGroup, cluster } = azurePlace;
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${cluster}`;
}

export function workspaceId(name: string = azurePlace.workspaceName): string {
  const { subscription, resourceGroup } = azurePlace;
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/${name}`;
}
