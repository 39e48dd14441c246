import type { AuditEntry } from '../../model/audit.ts';
import { managedClusterPath } from '../../model/azure/resource-id.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { PlanTarget } from '../../model/plans/deployment-plan.ts';
import { writableBody } from '../../model/plans/writable-body.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { audit, hashOf } from '../records/audit-file.ts';
import type { AzureConnection } from './azure-connection.ts';
import type { OperationsOptions } from './cluster-operations.ts';

/** Operations in the same audit as every other change: before they are sent, and when their end is known. */
export function auditOperation(stateDir: string, connection: AzureConnection): OperationsOptions['audit'] {
  const write = lineOf(stateDir, connection);
  return ({ plan, title, target, body, before }, outcome, said) =>
    write(target, outcome, said === '' ? '' : `${title}: ${said}`, {
      action: plan,
      object: `ManagedCluster ${target.resourceGroup}/${target.name}`,
      request: `PUT ${managedClusterPath(target)}`,
      before: hashOf(before === null ? null : writableBody(before)),
      after: hashOf(body),
    });
}

/** Alert rules in it: what was there before is not read, for a rule is whole in its PUT. */
export function auditRule(stateDir: string, connection: AzureConnection): RuleAudit {
  const write = lineOf(stateDir, connection);
  return ({ target, name, path, body }, outcome, said) =>
    write(target, outcome, said, {
      action: 'alerts',
      object: `AlertRule ${target.resourceGroup}/${name}`,
      request: `PUT ${path}`,
      after: hashOf(body),
    });
}

/** Throws what fs throws: then nothing is sent. */
export type RuleAudit = (
  rule: { target: PlanTarget; name: string; path: string; body: RawObject },
  outcome: AuditEntry['outcome'],
  said: string,
) => void;

function lineOf(stateDir: string, connection: AzureConnection) {
  return (
    { resourceGroup, name }: PlanTarget,
    outcome: AuditEntry['outcome'],
    said: string,
    what: Pick<AuditEntry, 'action' | 'object' | 'request' | 'before' | 'after'>,
  ) =>
    audit(stateDir, {
      time: new Date().toISOString(),
      session: '',
      job: 0,
      context: `${resourceGroup}/${name}`,
      server: connection.cloud.arm,
      user: connection.login().account,
      outcome,
      ...(said === '' ? {} : { said: sanitiseLine(said, 500) }),
      ...what,
    });
}
