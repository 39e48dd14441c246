// What is read of Azure besides the managed cluster itself. Every string is sanitised; '' = Azure does not say.

export type UpgradeProfile = {
  current: string;
  upgrades: readonly { version: string; isPreview: boolean }[];
  pools: readonly { name: string; current: string; upgrades: readonly { version: string; isPreview: boolean }[] }[];
};

export type DiagnosticSetting = {
  name: string;
  /** Categories that are on: kube-audit, kube-audit-admin, kube-apiserver …; `allLogs` and `audit` groups with them. */
  categories: readonly string[];
  /** Resource ID; '' = it goes elsewhere. */
  workspace: string;
  /** Rows land in AKSAudit and the like, not in AzureDiagnostics. */
  isDedicated: boolean;
};

/** A data collection rule that is about this cluster: what the agents on the nodes collect, and where it goes. */
export type CollectionRule = {
  id: string;
  name: string;
  /** `Microsoft-ContainerLogV2`, `Microsoft-ContainerNetworkLogs` … */
  streams: readonly string[];
  /** Resource IDs of the workspaces it sends to. */
  workspaces: readonly string[];
};

export type MaintenanceWindow = {
  name: string;
  schedule: string;
  durationHours: number;
  startTime: string;
  utcOffset: string;
};

export type Workspace = {
  /** Resource ID; '' where only the GUID is known. */
  id: string;
  /** The GUID that queries go to. */
  customerId: string;
  name: string;
  location: string;
  retentionDays: number;
  /** GB a day; −1 = none. `capReached`: nothing is taken in until the next day. */
  dailyCapGb: number;
  capReached: boolean;
  /** None: they may not be read. */
  tables: readonly WorkspaceTable[];
};

/** `plan` as ARM says it: Analytics, Basic, Auxiliary. A table that holds no row yet may have columns all the same. */
export type WorkspaceTable = { name: string; plan: string; columns: readonly { name: string; type: string }[] };

export type ActivityEntry = {
  id: string;
  at: number;
  /** `Microsoft.ContainerService/managedClusters/write`, and in words. */
  operation: string;
  title: string;
  /** Started, Accepted, Succeeded, Failed … */
  status: string;
  caller: string;
  resource: string;
  correlation: string;
};

/** Deletes as the audit log has them (domain §8.3: three to ten minutes late), newest first, of `from` to `until`. */
export type AuditDeletes = {
  /** Before this nobody looked; after `until` rows may be still on their way. */
  from: number;
  until: number;
  deletes: readonly AuditDelete[];
};
export type AuditDelete = {
  /** AuditId. */
  id: string;
  at: number;
  /** As in the address: `ciliumnetworkpolicies`. */
  resource: string;
  /** '' = in none. */
  namespace: string;
  /** '' = a whole collection. */
  name: string;
  user: string;
  /** What program asked: the first word of its User-Agent, `kubectl`; '' = not said. */
  agent: string;
};

export type Alerts = {
  rules: readonly AlertRule[];
  fired: readonly FiredAlert[];
};
export type AlertRule = {
  id: string;
  name: string;
  kind: 'log' | 'prometheus' | 'metric';
  severity: number;
  enabled: boolean;
  description: string;
};
export type FiredAlert = {
  id: string;
  name: string;
  /** Sev0 … Sev4 as a number. */
  severity: number;
  /** New, Acknowledged, Closed. */
  state: string;
  /** Fired or Resolved. */
  condition: string;
  at: number;
  target: string;
};
