import type { Workspace } from '../../model/azure/azure-facts.ts';
import { readWorkspace, readWorkspaceTable } from '../../model/azure/read-workspace.ts';
import { partOf } from '../../model/azure/resource-id.ts';
import { at, text } from '../../model/objects/raw.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { apiVersions } from './api-versions.ts';
import type { ArmClient } from './arm-client.ts';
import { AzureProblem } from './azure-problem.ts';

/** What is known of where logs go. */
export type WorkspaceTraces = {
  azure: { arm: ArmClient };
  wantedWorkspace: string;
  /** '' where the managed cluster is not known. */
  clusterId: string;
  cluster(): { monitoring: { workspace: string } } | undefined;
};

const role = 'Log Analytics Reader';

/**
 * The workspace as told (GUID or resource ID), else the one the cluster's monitoring sends to; its tables with their
 * plans and columns. Of a GUID that ARM does not show us nothing more is known, and it may be queried all the same.
 */
export async function askWorkspace(traces: WorkspaceTraces, signal: AbortSignal): Promise<Workspace> {
  const { azure, wantedWorkspace, cluster } = traces;
  const wanted = wantedWorkspace || (cluster()?.monitoring.workspace ?? '');
  if (wanted === '') {
    throw new AzureProblem(
      'missing',
      'The cluster sends its logs to no workspace.',
      'Switch on the monitoring add-on, or name a workspace with --workspace.',
    );
  }
  const id = wanted.includes('/') ? wanted : await idOf(azure.arm, wanted, traces.clusterId, signal);
  if (id === '') return { ...readWorkspace({ properties: { customerId: wanted } }), tables: [] };
  const asked = { apiVersion: apiVersions.operationalInsights, role };
  const { body } = await azure.arm.send(
    {
      ...asked,
      method: 'GET',
      path: id,
      asked: `read the workspace ${sanitiseLine(id.slice(id.lastIndexOf('/') + 1), 80)}`,
    },
    signal,
  );
  const list = { ...asked, path: `${id}/tables`, asked: 'read the tables of the workspace' };
  const tables = await unlessRefused(azure.arm.list(list, signal));
  return { ...readWorkspace(body), tables: tables.map(readWorkspaceTable).filter(({ name }) => name !== '') };
}

/** Whoever may query a workspace need not be allowed to read its tables' settings: without them it is still the workspace. */
async function unlessRefused(tables: Promise<readonly unknown[]>): Promise<readonly unknown[]> {
  try {
    return await tables;
  } catch (error) {
    if (error instanceof AzureProblem && (error.kind === 'forbidden' || error.kind === 'missing')) return [];
    throw error;
  }
}

/** '' where no workspace with this GUID may be read. */
async function idOf(arm: ArmClient, guid: string, clusterId: string, signal: AbortSignal): Promise<string> {
  const subscription = partOf(clusterId, 'subscriptions');
  if (subscription === '') return '';
  const all = await arm.list(
    {
      path: `/subscriptions/${subscription}/providers/Microsoft.OperationalInsights/workspaces`,
      apiVersion: apiVersions.operationalInsights,
      asked: 'list the workspaces',
      role,
    },
    signal,
  );
  const found = all.find((one) => text(at(one, 'properties', 'customerId')).toLowerCase() === guid.toLowerCase());
  return text(at(found, 'id'), 1_024);
}
