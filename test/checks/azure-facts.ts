import { readManagedCluster } from '../../src/model/azure/read-managed-cluster.ts';
import type { Change } from '../../src/model/change.ts';
import type { FactId, Facts } from '../../src/model/facts.ts';
import type { Link } from '../../src/model/link.ts';
import { now, type Raw } from './healthy-cluster.ts';

/** What Azure says of the healthy cluster, laid over with a case's own; null = Azure was not asked. */
export type AzureGiven = {
  /** Laid over the raw managed cluster: objects are merged, `null` takes a field out. */
  arm?: Raw;
  facts?: Partial<Facts>;
  links?: Partial<Record<FactId, Link['phase']>>;
} | null;

const id = '/subscriptions/0a1b/resourceGroups/rg-net/providers/Microsoft.ContainerService/managedClusters/aks-test';
const workspace = '/subscriptions/0a1b/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/logs';

/** A cluster as ARM answers: overlay with Cilium, ACNS with layer 7, logs and audit kept. */
export function healthyArm(): Raw {
  return {
    id,
    name: 'aks-test',
    location: 'westeurope',
    eTag: '7f3a',
    sku: { name: 'Base', tier: 'Standard' },
    identity: { type: 'SystemAssigned' },
    properties: {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      kubernetesVersion: '1.34',
      currentKubernetesVersion: '1.34.2',
      supportPlan: 'KubernetesOfficial',
      nodeResourceGroup: 'MC_rg-net_aks-test_westeurope',
      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataplane: 'cilium',
        networkPolicy: 'cilium',
        podCidr: '10.244.0.0/16',
        serviceCidr: '10.0.0.0/16',
        dnsServiceIP: '10.0.0.10',
        ipFamilies: ['IPv4'],
        advancedNetworking: { enabled: true, security: { advancedNetworkPolicies: 'L7' } },
      },
      agentPoolProfiles: [
        {
          name: 'np1',
          mode: 'System',
          count: 3,
          osType: 'Linux',
          osSKU: 'Ubuntu',
          vmSize: 'Standard_D4s_v5',
          maxPods: 250,
          orchestratorVersion: '1.34',
          currentOrchestratorVersion: '1.34.2',
          provisioningState: 'Succeeded',
          powerState: { code: 'Running' },
        },
      ],
      nodeProvisioningProfile: { mode: 'Manual' },
      addonProfiles: {
        omsagent: {
          enabled: true,
          config: {
            logAnalyticsWorkspaceResourceID: workspace,
            useAADAuth: 'true',
            enableContainerNetworkLogs: 'True',
          },
        },
      },
    },
  };
}

export function azureChanges(given: AzureGiven, merge: (base: unknown, over: unknown) => unknown): Change[] {
  if (given === null) return [];
  const values: Partial<Facts> = {
    arm: readManagedCluster(merge(healthyArm(), given.arm ?? {}) as Raw),
    armUpgrades: { current: '1.34.2', upgrades: [{ version: '1.35.1', isPreview: false }], pools: [] },
    armDiagnostics: [{ name: 'audit', categories: ['kube-audit-admin'], workspace, isDedicated: true }],
    workspace: {
      id: workspace,
      customerId: '9d1f',
      name: 'logs',
      location: 'westeurope',
      retentionDays: 30,
      dailyCapGb: -1,
      capReached: false,
      tables: [],
    },
    activity: [],
    ...given.facts,
  };
  return (Object.keys(values) as FactId[]).map(
    (fact) =>
      ({
        type: 'fact',
        fact,
        link: { phase: given.links?.[fact] ?? 'live', heard: now },
        value: values[fact],
        at: now,
      }) as Change,
  );
}
