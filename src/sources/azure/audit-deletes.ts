import type { AuditDelete, AuditDeletes, DiagnosticSetting, Workspace } from '../../model/azure/azure-facts.ts';
import type { ResultColumn } from '../../model/azure/log-query.ts';
import { readAuditDelete } from '../../model/azure/read-audit-delete.ts';
import { chooseQuery } from '../../queries/choose-query.ts';
import { deletes as saved } from '../../queries/deletes.ts';
import type { AzureConnection } from './azure-connection.ts';
import { AzureProblem } from './azure-problem.ts';
import { createLogAnalytics } from './logs/log-analytics.ts';
import { openLogsClient } from './logs/logs-client.ts';
import { logsPlace } from './logs/logs-place.ts';

type Ground = {
  azure: AzureConnection;
  clusterId: string;
  workspace: Workspace | undefined;
  diagnostics: readonly DiagnosticSetting[] | undefined;
  wantedWorkspace: string;
};

/** So far back, as the activity log is read. */
const hours = 6;
const mostDeletes = 500;
/** The audit log takes three to ten minutes (domain §8.3): what is younger may be on its way. */
const lateMs = 10 * 60_000;

/** Who deleted what of this cluster, from its audit log in the workspace. Rejects with an AzureProblem. */
export async function askAuditDeletes(ground: Ground, signal: AbortSignal): Promise<AuditDeletes> {
  const { azure, workspace, wantedWorkspace, clusterId } = ground;
  const chosen = chooseQuery(
    saved,
    { workspace: workspace ?? { tables: [] }, ...(ground.diagnostics ? { diagnostics: ground.diagnostics } : {}) },
    { people: 'yes', cluster: clusterId },
    `PT${hours}H`,
  );
  if ('missing' in chosen) throw new AzureProblem('missing', chosen.missing, chosen.hint);
  const now = Date.now();
  const client = await openLogsClient(azure, logsPlace(wantedWorkspace, workspace));
  const { query } = createLogAnalytics(() => client);
  const { text, timespan, searchTable } = chosen;
  const asked = { text, timespan, searchTable, mostRows: mostDeletes, limitS: 60 };
  const deletes: AuditDelete[] = [];
  let columns: readonly ResultColumn[] = [];
  let until = now - lateMs;
  for await (const events of query(asked, signal)) {
    for (const event of events) {
      if (event.type === 'columns') columns = event.columns;
      else if (event.type === 'rows') deletes.push(...event.rows.map((row) => readAuditDelete(columns, row)));
      // The oldest come first: of what is not kept the newest are missing.
      else if (event.type === 'dropped' || event.type === 'partial') until = Math.min(until, deletes.at(-1)?.at ?? 0);
    }
  }
  const known = deletes.filter(({ at }) => at > 0).sort((a, b) => b.at - a.at);
  return { from: now - hours * 3_600_000, until, deletes: known };
}
