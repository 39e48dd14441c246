import { openOperation } from '../../model/azure/operations.ts';
import { readActivityEntry } from '../../model/azure/read-activity-entry.ts';
import { managedClusterPath } from '../../model/azure/resource-id.ts';
import type { PlanTarget } from '../../model/plans/deployment-plan.ts';
import { apiVersions } from './api-versions.ts';
import type { AzureConnection } from './azure-connection.ts';

/** How far back the activity log is asked: longer operations are rare, and it is minutes late. */
const backMs = 3 * 60 * 60_000;

/** Who began what runs on the cluster, as far as the activity log says; '' where it does not, or may not be read. */
export async function whoseOperation(
  { arm }: Pick<AzureConnection, 'arm'>,
  target: PlanTarget,
  signal: AbortSignal,
): Promise<string> {
  const since = new Date(Date.now() - backMs).toISOString();
  const group = target.resourceGroup.replaceAll("'", "''");
  try {
    const entries = await arm.list(
      {
        path: `/subscriptions/${target.subscription}/providers/Microsoft.Insights/eventtypes/management/values`,
        apiVersion: apiVersions.activityLog,
        query: { $filter: `eventTimestamp ge '${since}' and resourceGroupName eq '${group}'` },
        ...{ asked: 'read the activity log', role: 'Reader' },
      },
      signal,
      500,
    );
    const running = openOperation(entries.map(readActivityEntry), managedClusterPath(target));
    return running?.caller ?? '';
  } catch {
    return '';
  }
}
