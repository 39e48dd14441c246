import type { AzureConfig } from '../../../config.ts';
import type { AzureAsks } from '../../../model/azure/azure-asks.ts';
import type { DiagnosticSetting, Workspace } from '../../../model/azure/azure-facts.ts';
import type { ManagedCluster } from '../../../model/azure/managed-cluster.ts';
import { readWorkspace } from '../../../model/azure/read-workspace.ts';
import { type ArmFactId, type ArmPlace, armFacts } from '../arm-facts.ts';
import type { AzureConnection } from '../azure-connection.ts';
import { AzureProblem } from '../azure-problem.ts';
import { type ClusterTraces, findCluster } from '../find-cluster.ts';
import { askWorkspace } from '../workspace.ts';
import { createLogAnalytics } from './log-analytics.ts';
import { openLogsClient } from './logs-client.ts';
import { logsPlace } from './logs-place.ts';

/** A workspace that can be asked, and what is known of it. */
export type FoundLogs = {
  asks: Pick<AzureAsks, 'query' | 'tail'>;
  workspace: Workspace;
  /** Where audit and control plane go; undefined = not known. */
  diagnostics: readonly DiagnosticSetting[] | undefined;
  /** What could not be found out, in one sentence each. */
  remarks: readonly string[];
};

/**
 * The workspace as told, which needs no cluster, else the one that the cluster's logs go to. Of a workspace that ARM does
 * not show us only its name is known: it may be asked all the same. Rejects with an AzureProblem.
 */
export async function findLogs(
  azure: AzureConnection,
  config: AzureConfig,
  traces: () => Promise<ClusterTraces>,
  signal: AbortSignal,
): Promise<FoundLogs> {
  const found =
    config.workspace === '' ? await ofCluster(azure, config, traces, signal) : await asTold(azure, config, signal);
  const client = openLogsClient(azure, logsPlace(config.workspace, found.workspace));
  return { ...found, asks: createLogAnalytics(() => client) };
}

type Found = Omit<FoundLogs, 'asks'>;

async function asTold(azure: AzureConnection, config: AzureConfig, signal: AbortSignal): Promise<Found> {
  // Only the subscription of it is read: where else to look for a GUID.
  const clusterId = config.subscription === '' ? '' : `/subscriptions/${config.subscription}`;
  const wanted = { azure, wantedWorkspace: config.workspace, clusterId, cluster: () => undefined };
  try {
    return { workspace: await askWorkspace(wanted, signal), diagnostics: undefined, remarks: [] };
  } catch (error) {
    const isPassable =
      error instanceof AzureProblem && /^(forbidden|missing|server|throttled|refused)$/.test(error.kind);
    if (!isPassable) throw error;
    const guid = config.workspace.includes('/') ? '' : config.workspace;
    const workspace = { ...readWorkspace({ properties: { customerId: guid } }), tables: [] };
    return { workspace, diagnostics: undefined, remarks: [`What tables it has is not known: ${error.what}`] };
  }
}

async function ofCluster(
  azure: AzureConnection,
  config: AzureConfig,
  traces: () => Promise<ClusterTraces>,
  signal: AbortSignal,
): Promise<Found> {
  const isNamed = config.subscription !== '' && config.resourceGroup !== '' && config.cluster !== '';
  const known = isNamed ? { providerIds: [], host: '' } : await traces();
  const clusterId = await findCluster(azure.arm, config, known, signal);
  let cluster: ManagedCluster | undefined;
  const place: ArmPlace = {
    ...{ azure, clusterId, wantedWorkspace: '' },
    cluster: () => cluster,
    workspace: () => undefined,
    diagnostics: () => undefined,
  };
  const ask = <T>(id: ArmFactId) => armFacts.find((fact) => fact.id === id)?.ask(place, signal) as Promise<T>;
  cluster = await ask<ManagedCluster>('arm');
  const [workspace, diagnostics] = await Promise.all([
    askWorkspace(place, signal),
    ask<readonly DiagnosticSetting[]>('armDiagnostics').catch(() => undefined),
  ]);
  const remarks =
    diagnostics === undefined ? ['Where audit logs go is not known: the diagnostic settings may not be read.'] : [];
  return { workspace, diagnostics, remarks };
}
