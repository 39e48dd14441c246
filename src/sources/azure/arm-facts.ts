import type { ActivityEntry, Alerts, DiagnosticSetting, Workspace } from '../../model/azure/azure-facts.ts';
import type { ManagedCluster } from '../../model/azure/managed-cluster.ts';
import { isAtRest } from '../../model/azure/operations.ts';
import { readActivityEntry } from '../../model/azure/read-activity-entry.ts';
import { isAbout, readAlertRule, readFiredAlert, readPrometheusRules } from '../../model/azure/read-alerts.ts';
import { readCollectionRule, ruleOfAssociation } from '../../model/azure/read-collection-rule.ts';
import { readDiagnosticSetting } from '../../model/azure/read-diagnostic-setting.ts';
import { readMaintenanceWindow } from '../../model/azure/read-maintenance-window.ts';
import { readManagedCluster } from '../../model/azure/read-managed-cluster.ts';
import { readUpgradeProfile } from '../../model/azure/read-upgrade-profile.ts';
import { nameOfResource, partOf } from '../../model/azure/resource-id.ts';
import type { Facts } from '../../model/facts.ts';
import { record, text } from '../../model/objects/raw.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { apiVersions } from './api-versions.ts';
import type { ArmRequest } from './arm-client.ts';
import { askAuditDeletes } from './audit-deletes.ts';
import type { AzureConnection } from './azure-connection.ts';
import { AzureProblem } from './azure-problem.ts';
import { askPlatformMetrics } from './platform-metrics.ts';
import { askWorkspace } from './workspace.ts';

/** What asking for a fact stands on. */
export type ArmPlace = {
  azure: AzureConnection;
  /** Resource ID of the managed cluster. */
  clusterId: string;
  /** As last read. */
  cluster(): ManagedCluster | undefined;
  workspace(): Workspace | undefined;
  diagnostics(): readonly DiagnosticSetting[] | undefined;
  /** As told: GUID or resource ID; '' = the cluster's own. */
  wantedWorkspace: string;
};

export type ArmFactId = Exclude<keyof Facts, 'azureLogin' | 'agentMetrics'>;
/** `everyMs`: how often it is asked while somebody looks. `after`: what must have been answered or refused before. */
export type ArmFact<K extends ArmFactId = ArmFactId> = {
  [F in K]: {
    id: F;
    everyMs(cluster: ManagedCluster | undefined): number;
    after: readonly ArmFactId[];
    ask(place: ArmPlace, signal: AbortSignal): Promise<Facts[F]>;
  };
}[K];

const often = 60_000;
const seldom = 5 * 60_000;
/** While an operation changes the cluster. */
const underWay = 10_000;
/** The activity log is asked this far back. */
const activityMs = 6 * 60 * 60_000;

/** In the order of asking: what the others are told by comes first. */
export const armFacts: readonly ArmFact[] = [
  {
    id: 'arm',
    everyMs: (cluster) => (isAtRest(cluster?.provisioningState ?? '') ? often : underWay),
    after: [],
    async ask({ azure, clusterId }, signal) {
      const asked = get(clusterId, '', 'read the managed cluster');
      const { body, headers } = await azure.arm.send(asked, signal).catch((error: unknown) => {
        throw error instanceof AzureProblem && error.kind === 'missing' ? noCluster(clusterId, error) : error;
      });
      const cluster = readManagedCluster(record(body));
      if (cluster.id === '') throw new AzureProblem('server', "Azure's answer makes no sense: it is no cluster.");
      return cluster.etag === '' ? { ...cluster, etag: text(headers.etag) } : cluster;
    },
  },
  { id: 'workspace', everyMs: () => seldom, after: ['arm'], ask: (place, signal) => askWorkspace(place, signal) },
  {
    id: 'armUpgrades',
    everyMs: () => seldom,
    after: ['arm'],
    async ask({ azure, clusterId }, signal) {
      const asked = get(clusterId, '/upgradeProfiles/default', 'read the upgrade profile');
      return readUpgradeProfile((await azure.arm.send(asked, signal)).body);
    },
  },
  {
    id: 'armDiagnostics',
    everyMs: () => seldom,
    after: ['arm'],
    async ask({ azure, clusterId }, signal) {
      const path = '/providers/Microsoft.Insights/diagnosticSettings';
      const asked = get(clusterId, path, 'read the diagnostic settings', apiVersions.diagnosticSettings);
      return (await azure.arm.list(asked, signal)).map(readDiagnosticSetting);
    },
  },
  {
    id: 'armMaintenance',
    everyMs: () => seldom,
    after: ['arm'],
    async ask({ azure, clusterId }, signal) {
      const asked = get(clusterId, '/maintenanceConfigurations', 'read the maintenance windows');
      return (await azure.arm.list(asked, signal)).map(readMaintenanceWindow);
    },
  },
  {
    id: 'armCollection',
    everyMs: () => seldom,
    after: ['arm'],
    async ask({ azure, clusterId }, signal) {
      const path = '/providers/Microsoft.Insights/dataCollectionRuleAssociations';
      const asked = get(clusterId, path, 'read what is collected of the cluster', apiVersions.dataCollection);
      const rules = new Set((await azure.arm.list(asked, signal)).map(ruleOfAssociation).filter((id) => id !== ''));
      return Promise.all(
        [...rules].slice(0, mostRules).map(async (id) => {
          const rule = get(id, '', 'read a data collection rule', apiVersions.dataCollection);
          return readCollectionRule((await azure.arm.send(rule, signal)).body);
        }),
      );
    },
  },
  { id: 'activity', everyMs: () => seldom, after: ['arm'], ask: askActivity },
  {
    id: 'auditDeletes',
    everyMs: () => seldom,
    after: ['workspace', 'armDiagnostics'],
    ask: ({ workspace, diagnostics, ...place }, signal) =>
      askAuditDeletes({ ...place, workspace: workspace(), diagnostics: diagnostics() }, signal),
  },
  { id: 'alerts', everyMs: () => seldom, after: ['arm', 'workspace'], ask: askAlerts },
  {
    id: 'platformMetrics',
    everyMs: () => seldom,
    after: ['arm'],
    ask: ({ azure, clusterId }, signal) => askPlatformMetrics(azure, clusterId, signal),
  },
];

function get(
  clusterId: string,
  below: string,
  asked: string,
  apiVersion: string = apiVersions.containerService,
): ArmRequest {
  return { method: 'GET', path: `${clusterId}${below}`, apiVersion, asked, role: 'Reader' };
}

/** Of the cluster with all that is below it (pools are resources of their own), and of the group its nodes are in. */
async function askActivity(
  { azure, clusterId, cluster }: ArmPlace,
  signal: AbortSignal,
): Promise<readonly ActivityEntry[]> {
  const subscription = partOf(clusterId, 'subscriptions');
  const nodeGroup = cluster()?.nodeResourceGroup ?? '';
  const since = new Date(Date.now() - activityMs).toISOString();
  const of = (group: string) =>
    azure.arm.list(
      {
        path: `/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values`,
        apiVersion: apiVersions.activityLog,
        query: { $filter: `eventTimestamp ge '${since}' and resourceGroupName eq '${group.replaceAll("'", "''")}'` },
        asked: 'read the activity log',
        role: 'Reader',
      },
      signal,
      mostActivity,
    );
  const own = (await of(partOf(clusterId, 'resourceGroups'))).map(readActivityEntry);
  const ofNodes = nodeGroup === '' ? [] : (await of(nodeGroup)).map(readActivityEntry);
  const below = `${clusterId.toLowerCase()}/`;
  return [...own.filter(({ resource }) => `${resource.toLowerCase()}/`.startsWith(below)), ...ofNodes]
    .filter(({ at }) => at > 0)
    .sort((a, b) => b.at - a.at)
    .slice(0, mostActivity);
}

const mostActivity = 500;
const mostRules = 10;

const unregistered = 'MissingSubscriptionRegistration';

/** Rules about the cluster or its workspace, and what fired for them in the last day. */
async function askAlerts({ azure, clusterId, workspace }: ArmPlace, signal: AbortSignal): Promise<Alerts> {
  const resources = [clusterId, workspace()?.id ?? ''].filter((id) => id !== '');
  const subscription = `/subscriptions/${partOf(clusterId, 'subscriptions')}`;
  const list = async (path: string, apiVersion: string, query: Readonly<Record<string, string>> = {}) => {
    const where = { path: `${subscription}/providers/${path}`, apiVersion, query };
    try {
      return await azure.arm.list({ ...where, asked: 'read the alert rules', role: 'Monitoring Reader' }, signal);
    } catch (error) {
      // A subscription where nobody ever made one of these does not know them.
      if (error instanceof AzureProblem && (error.kind === 'missing' || error.code === unregistered)) return [];
      throw error;
    }
  };
  const [log, metric, prometheus, ...fired] = await Promise.all([
    list('Microsoft.Insights/scheduledQueryRules', apiVersions.scheduledQueryRules),
    list('Microsoft.Insights/metricAlerts', apiVersions.metricAlerts),
    list('Microsoft.AlertsManagement/prometheusRuleGroups', apiVersions.prometheusRuleGroups),
    ...resources.map((targetResource) =>
      list('Microsoft.AlertsManagement/alerts', apiVersions.alerts, { targetResource, timeRange: '1d' }),
    ),
  ]);
  const about = (rule: unknown) => isAbout(rule, resources);
  return {
    rules: [
      ...log.filter(about).map((rule) => readAlertRule(rule, 'log')),
      ...prometheus.filter(about).flatMap(readPrometheusRules),
      ...metric.filter(about).map((rule) => readAlertRule(rule, 'metric')),
    ],
    fired: fired
      .flat()
      .map(readFiredAlert)
      .sort((a, b) => b.at - a.at),
  };
}

function noCluster(id: string, { hint, status, code, said }: AzureProblem): AzureProblem {
  const [name, group] = [nameOfResource(id), partOf(id, 'resourceGroups')].map((part) =>
    sanitiseLine(decodeURIComponent(part), 90),
  );
  const what = `There is no managed cluster ${name} in ${group}.`;
  return new AzureProblem('missing', what, hint, { status, code, said });
}
