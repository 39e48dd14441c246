import type {
  ActivityEntry,
  Alerts,
  AuditDeletes,
  CollectionRule,
  DiagnosticSetting,
  MaintenanceWindow,
  UpgradeProfile,
  Workspace,
} from './azure/azure-facts.ts';
import type { AzureLogin } from './azure/login.ts';
import type { ManagedCluster } from './azure/managed-cluster.ts';
import type { Link } from './link.ts';
import type { AgentMetrics, MetricSeries } from './metrics.ts';
import type { Truth } from './truth/truth.ts';

/** What is known besides the watched objects: asked for now and then, each with a link of its own. */
export type Facts = {
  azureLogin: AzureLogin;
  /** The managed cluster itself. */
  arm: ManagedCluster;
  /** To which versions it can be upgraded. */
  armUpgrades: UpgradeProfile;
  armDiagnostics: readonly DiagnosticSetting[];
  armMaintenance: readonly MaintenanceWindow[];
  /** What is collected of the cluster, and where to; of each rule that is associated with it. */
  armCollection: readonly CollectionRule[];
  /** The workspace its logs go to, and that workspace's tables. */
  workspace: Workspace;
  /** The activity log's newest changes, newest first. Minutes late by nature. */
  activity: readonly ActivityEntry[];
  /** Who deleted what in the cluster, where audit logs go to the workspace. Minutes late by nature. */
  auditDeletes: AuditDeletes;
  alerts: Alerts;
  /** What the agents and operators count, by our own reading of their metrics. */
  agentMetrics: AgentMetrics;
  /** Platform metrics of the managed cluster. */
  platformMetrics: readonly MetricSeries[];
  /** What is realised on nodes against what is intended, where somebody asked for it. */
  truth: Truth;
};
export type FactId = keyof Facts;

/** A value with its source: `value` stays while the link is stale, and is dated `at`. `version` grows with every change. */
export type Fact<T> = { link: Link; value?: T; at: number; version: number };

/** As people call them, in a sentence. */
export const factNames: Readonly<Record<FactId, string>> = {
  azureLogin: 'the sign-in to Azure',
  arm: 'the managed cluster in Azure',
  armUpgrades: 'the upgrade profile in Azure',
  armDiagnostics: 'the diagnostic settings in Azure',
  armMaintenance: 'the maintenance windows in Azure',
  armCollection: 'the data collection rules in Azure',
  workspace: 'the Log Analytics workspace',
  activity: 'the activity log',
  auditDeletes: 'the audit log in Log Analytics',
  alerts: 'the alert rules in Azure',
  agentMetrics: 'the metrics of the agents',
  platformMetrics: 'the platform metrics in Azure',
  truth: 'a truth check',
};

export function isFact(source: string): source is FactId {
  return source in factNames;
}
