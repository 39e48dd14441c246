import { type AzureSettings, azurePlace, clusterId, workspaceId } from '../azure-settings.ts';
import type { Resource } from './resource-store.ts';

/** What Azure Monitor has for the cluster, but for the diagnostic setting, which may be none. */
export function monitoringObjects(settings: AzureSettings): Resource[] {
  const { location, resourceGroup, subscription, workspaceName, cluster } = azurePlace;
  const group = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}`;
  const actions = `${group}/providers/Microsoft.Insights/actionGroups/ag-platform`;
  const account = `${group}/providers/Microsoft.Monitor/accounts/amw-prod-weu`;
  const collection = `${group}/providers/Microsoft.Insights/dataCollectionRules/MSCI-${location}-${cluster}`;
  return [
    workspaceObject(settings),
    {
      id: account,
      name: 'amw-prod-weu',
      type: 'Microsoft.Monitor/accounts',
      location,
      properties: { accountId: '0a6b4f72-9d31-4c58-8e27-b5f1c3d9064a', provisioningState: 'Succeeded' },
    },
    {
      id: collection,
      name: `MSCI-${location}-${cluster}`,
      type: 'Microsoft.Insights/dataCollectionRules',
      location,
      kind: 'Linux',
      properties: {
        dataSources: {
          extensions: [
            {
              name: 'ContainerInsightsExtension',
              streams: ['Microsoft-ContainerInsights-Group-Default', 'Microsoft-ContainerNetworkLogs'],
              extensionName: 'ContainerInsights',
            },
          ],
        },
        destinations: { logAnalytics: [{ workspaceResourceId: collectedIn(settings), name: 'ciworkspace' }] },
        dataFlows: [{ streams: ['Microsoft-ContainerInsights-Group-Default'], destinations: ['ciworkspace'] }],
        provisioningState: 'Succeeded',
      },
    },
    {
      id: `${clusterId()}/providers/Microsoft.Insights/dataCollectionRuleAssociations/ContainerInsightsExtension`,
      name: 'ContainerInsightsExtension',
      type: 'Microsoft.Insights/dataCollectionRuleAssociations',
      properties: { dataCollectionRuleId: collection, provisioningState: 'Succeeded' },
    },
    {
      id: actions,
      name: 'ag-platform',
      type: 'Microsoft.Insights/actionGroups',
      location: 'Global',
      properties: { groupShortName: 'platform', enabled: true, emailReceivers: [] },
    },
    {
      id: `${group}/providers/Microsoft.Insights/scheduledQueryRules/cilium-agent-restarts`,
      name: 'cilium-agent-restarts',
      type: 'Microsoft.Insights/scheduledQueryRules',
      location,
      kind: 'LogAlert',
      properties: {
        displayName: 'cilium-agent-restarts',
        description: 'An agent of Cilium was restarted more than three times in a quarter of an hour.',
        severity: 2,
        enabled: true,
        evaluationFrequency: 'PT5M',
        windowSize: 'PT15M',
        scopes: [workspaceId()],
        criteria: {
          allOf: [
            {
              query:
                'KubePodInventory | where Namespace == "kube-system" and Name startswith "cilium" | summarize Min=min(ContainerRestartCount), Max=max(ContainerRestartCount) by Computer, Name | where Max - Min > 3',
              timeAggregation: 'Count',
              operator: 'GreaterThan',
              threshold: 0,
              failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
            },
          ],
        },
        actions: { actionGroups: [actions] },
        autoMitigate: true,
      },
    },
    {
      id: `${group}/providers/Microsoft.AlertsManagement/prometheusRuleGroups/node-rules-${cluster}`,
      name: `node-rules-${cluster}`,
      type: 'Microsoft.AlertsManagement/prometheusRuleGroups',
      location,
      properties: {
        enabled: true,
        clusterName: cluster,
        scopes: [account, clusterId()],
        interval: 'PT1M',
        rules: [
          {
            alert: 'NodeNotReady',
            expression: 'kube_node_status_condition{condition="Ready",status="true"} == 0',
            for: 'PT5M',
            severity: 3,
            enabled: true,
            annotations: { description: 'A node has not been ready for five minutes.' },
            resolveConfiguration: { autoResolved: true, timeToResolve: 'PT10M' },
            actions: [{ actionGroupId: actions }],
          },
        ],
      },
    },
    {
      id: `${clusterId()}/maintenanceConfigurations/aksManagedAutoUpgradeSchedule`,
      name: 'aksManagedAutoUpgradeSchedule',
      type: 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations',
      properties: {
        maintenanceWindow: {
          schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Sunday' } },
          durationHours: 6,
          utcOffset: '+01:00',
          startDate: '2026-01-04',
          startTime: '02:00',
        },
      },
    },
    {
      id: `${clusterId()}/maintenanceConfigurations/aksManagedNodeOSUpgradeSchedule`,
      name: 'aksManagedNodeOSUpgradeSchedule',
      type: 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations',
      properties: {
        maintenanceWindow: {
          schedule: { daily: { intervalDays: 1 } },
          durationHours: 4,
          utcOffset: '+01:00',
          startTime: '01:00',
        },
      },
    },
  ];

  function workspaceObject({ overDailyCap }: AzureSettings): Resource {
    return {
      id: workspaceId(),
      name: workspaceName,
      type: 'Microsoft.OperationalInsights/workspaces',
      location,
      properties: {
        customerId: azurePlace.workspaceGuid,
        provisioningState: 'Succeeded',
        sku: { name: 'PerGB2018', lastSkuUpdate: '2026-02-11T09:14:02.4418372Z' },
        retentionInDays: 30,
        features: { enableLogAccessUsingOnlyResourcePermissions: true },
        workspaceCapping: {
          dailyQuotaGb: overDailyCap ? 5 : -1,
          quotaNextResetTime: '2026-11-23T04:00:00Z',
          dataIngestionStatus: overDailyCap ? 'OverQuota' : 'RespectQuota',
        },
        publicNetworkAccessForIngestion: 'Enabled',
        publicNetworkAccessForQuery: 'Enabled',
        createdDate: '2026-02-11T09:14:02.4418372Z',
        modifiedDate: '2026-10-02T11:40:55.0930417Z',
      },
    };
  }
}

/** Where the collection rule sends what the agents on the nodes collect. */
function collectedIn({ collectedElsewhere }: AzureSettings): string {
  return collectedElsewhere ? workspaceId('log-prod-weu-old') : workspaceId();
}

function diagnosticSettingId(): string {
  return `${clusterId()}/providers/Microsoft.Insights/diagnosticSettings/audit`;
}

/** Undefined: nothing of the control plane is logged. */
export function diagnosticSettingObject({ audit }: Pick<AzureSettings, 'audit'>): Resource | undefined {
  if (audit === 'none') return undefined;
  const categories = [
    'kube-audit-admin',
    'kube-audit',
    'kube-apiserver',
    'kube-controller-manager',
    'cloud-controller-manager',
  ];
  const off = ['kube-scheduler', 'cluster-autoscaler', 'guard', 'csi-azuredisk-controller', 'csi-azurefile-controller'];
  const log = (category: string, enabled: boolean) => ({
    category,
    categoryGroup: null,
    enabled,
    retentionPolicy: { days: 0, enabled: false },
  });
  return {
    id: diagnosticSettingId(),
    name: 'audit',
    type: 'Microsoft.Insights/diagnosticSettings',
    properties: {
      workspaceId: workspaceId(),
      logAnalyticsDestinationType: audit === 'dedicated' ? 'Dedicated' : null,
      logs: [...categories.map((one) => log(one, true)), ...off.map((one) => log(one, false))],
      metrics: [{ category: 'AllMetrics', enabled: false, retentionPolicy: { days: 0, enabled: false } }],
    },
  };
}

/** What a diagnostic setting that was written makes of the audit logs. */
export function auditOf(settings: readonly Resource[]): AzureSettings['audit'] {
  for (const { properties } of settings) {
    const logs = (properties['logs'] ?? []) as { category?: string; categoryGroup?: string; enabled?: boolean }[];
    const isOn = logs.some(
      ({ category, categoryGroup, enabled }) =>
        enabled === true && (/^kube-audit/.test(category ?? '') || /^(audit|allLogs)$/i.test(categoryGroup ?? '')),
    );
    if (isOn && typeof properties['workspaceId'] === 'string') {
      return properties['logAnalyticsDestinationType'] === 'Dedicated' ? 'dedicated' : 'legacy';
    }
  }
  return 'none';
}
