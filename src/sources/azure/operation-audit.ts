import { managedClusterPath } from '../../model/azure/resource-id.ts';
import { writableBody } from '../../model/plans/writable-body.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { audit, hashOf } from '../records/audit-file.ts';
import type { AzureConnection } from './azure-connection.ts';
import type { OperationsOptions } from './cluster-operations.ts';

/** Operations in the same audit as every other change: before they are sent, and when their end is known. */
export function auditOperation(stateDir: string, connection: AzureConnection): OperationsOptions['audit'] {
  return ({ plan, title, target, body, before }, outcome, said) =>
    audit(stateDir, {
      time: new Date().toISOString(),
      job: 0,
      context: `${target.resourceGroup}/${target.name}`,
      server: connection.cloud.arm,
      user: connection.login().account,
      action: plan,
      object: `ManagedCluster ${target.resourceGroup}/${target.name}`,
      request: `PUT ${managedClusterPath(target)}`,
      outcome,
      ...(said === '' ? {} : { said: sanitiseLine(`${title}: ${said}`, 500) }),
      before: hashOf(before === null ? null : writableBody(before)),
      after: hashOf(body),
    });
}
