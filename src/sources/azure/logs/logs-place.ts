import type { Workspace } from '../../../model/azure/azure-facts.ts';
import { AzureProblem } from '../azure-problem.ts';
import type { LogsPlace } from './logs-client.ts';

/**
 * Where questions go: to the workspace as told (GUID or resource ID), else to the one the cluster's logs go to. A GUID
 * is enough for everything, a resource ID only for /query, so the GUID that ARM knows is preferred.
 */
export function logsPlace(wanted: string, workspace: Workspace | undefined): LogsPlace {
  if (wanted !== '' && !wanted.includes('/')) return { guid: wanted };
  if (workspace && workspace.customerId !== '') return { guid: workspace.customerId };
  if (wanted !== '') return { resource: wanted };
  throw new AzureProblem(
    'missing',
    'Which workspace the logs go to is not known yet.',
    'Wait until Azure has answered, or name it with --workspace.',
  );
}
