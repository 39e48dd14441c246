import type { Workspace, WorkspaceTable } from '../model/azure/azure-facts.ts';
import type { LogKind } from './saved-query.ts';

/** Where a kind of logs is kept in a workspace: `isSearched` = on a plan that only /search reads. */
export type LogTable = { name: string; isSearched: boolean };

/**
 * The workspace's table for this kind: of several the newest name that is there. Undefined: it has none. A workspace
 * whose tables nobody could read is taken to have the newest names, on the Analytics plan.
 */
export function logTable(
  kind: LogKind,
  workspace: Pick<Workspace, 'tables'>,
  legacyAudit = false,
): LogTable | undefined {
  const names =
    legacyAudit && (kind === 'audit' || kind === 'requests' || kind === 'control-plane')
      ? legacyNames
      : tableNames[kind];
  if (workspace.tables.length === 0) return { name: names[0] ?? '', isSearched: false };
  for (const name of names) {
    const table = workspace.tables.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (table) return { name: table.name, isSearched: isSearched(table) };
  }
  return undefined;
}

/** Basic and Auxiliary tables are read by /search alone, one at a time (domain §8.4). */
export function isSearched({ plan }: WorkspaceTable): boolean {
  return /^(basic|auxiliary|lake)$/i.test(plan);
}

/** What people call it, and what has to be on for it to be there. */
export const logKinds: Readonly<Record<LogKind, { name: string; enable: string }>> = {
  flows: {
    name: 'flow logs',
    enable:
      'They need ACNS, the monitoring add-on with container network logs, and a ContainerNetworkLog: see `plan enable-flow-logs`.',
  },
  containers: { name: 'container logs', enable: monitoring('ContainerLogV2') },
  pods: { name: 'the pod inventory', enable: monitoring('KubePodInventory') },
  events: { name: 'Kubernetes events', enable: monitoring('KubeEvents') },
  heartbeat: { name: 'heartbeats', enable: monitoring('Heartbeat') },
  audit: { name: 'audit logs', enable: diagnostic('kube-audit-admin') },
  requests: { name: 'all requests of the audit log, those that only read too', enable: diagnostic('kube-audit') },
  'control-plane': { name: 'control plane logs', enable: diagnostic('kube-apiserver and its like') },
  operation: { name: 'what the workspace says of itself', enable: 'Every workspace has it.' },
  activity: {
    name: 'the activity log',
    enable: 'It needs a diagnostic setting of the subscription that sends Administrative to this workspace.',
  },
};

/** Newest name first. */
const tableNames: Readonly<Record<LogKind, readonly string[]>> = {
  flows: ['ContainerNetworkLogs', 'RetinaNetworkFlowLogs'],
  containers: ['ContainerLogV2'],
  pods: ['KubePodInventory'],
  events: ['KubeEvents'],
  heartbeat: ['Heartbeat'],
  // AKSAuditAdmin has no get and list: the same changes in a hundredth of the rows.
  audit: ['AKSAuditAdmin', 'AKSAudit', 'AzureDiagnostics'],
  requests: ['AKSAudit', 'AzureDiagnostics'],
  'control-plane': ['AKSControlPlane', 'AzureDiagnostics'],
  operation: ['Operation'],
  activity: ['AzureActivity'],
};
const legacyNames: readonly string[] = ['AzureDiagnostics'];

function monitoring(table: string): string {
  return `${table} is filled by the monitoring add-on: see \`plan enable-monitoring\`.`;
}

function diagnostic(category: string): string {
  return `They need a diagnostic setting of the cluster that sends ${category} to this workspace.`;
}
