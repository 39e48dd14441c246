import { managedClusterPath } from '../../model/azure/resource-id.ts';
import { text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { PlanTarget } from '../../model/plans/deployment-plan.ts';
import { apiVersions } from './api-versions.ts';
import type { AzureConnection } from './azure-connection.ts';
import { faultOf } from './operation-fault.ts';

/** The whole cluster as ARM has it, every field of it, in the API version in which it is written; undefined = it is not there. Rejects as ArmClient does. */
export async function readCluster(
  { arm }: Pick<AzureConnection, 'arm'>,
  target: PlanTarget,
  signal: AbortSignal,
): Promise<{ raw: RawObject; etag: string } | undefined> {
  try {
    const request = {
      method: 'GET',
      path: managedClusterPath(target),
      apiVersion: apiVersions.containerService,
    } as const;
    const { body, headers } = await arm.send({ ...request, asked: 'read the managed cluster', role: 'Reader' }, signal);
    const raw = body as RawObject;
    return { raw, etag: text(raw.eTag) || text(raw['etag']) || text(headers['etag']) };
  } catch (error) {
    if (faultOf(error).status === 404) return undefined;
    throw error;
  }
}
