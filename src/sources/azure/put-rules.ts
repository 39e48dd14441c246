import { messageOf } from '../../errors.ts';
import { list, record, text } from '../../model/objects/raw.ts';
import type { DeploymentPlan } from '../../model/plans/deployment-plan.ts';
import type { OperationEnd, OperationStep } from '../../model/plans/operation.ts';
import type { AzureConnection } from './azure-connection.ts';
import { AzureProblem } from './azure-problem.ts';
import type { RuleAudit } from './operation-audit.ts';

/** Writes the resources of a template one by one: small things that are whole in their PUT, and may be put again. */
export async function putRules(
  { arm }: AzureConnection,
  { body, target }: DeploymentPlan,
  signal: AbortSignal,
  onStep: (step: OperationStep) => void,
  audit: RuleAudit,
): Promise<OperationEnd> {
  const started = Date.now();
  const resources = list(record(body).resources).map(record);
  let written = 0;
  for (const { type, apiVersion, name, ...rest } of resources) {
    const percent = Math.round((100 * written) / resources.length);
    onStep({ text: `rule ${text(name)}`, percent, elapsedMs: Date.now() - started });
    const group = `/subscriptions/${target.subscription}/resourceGroups/${encodeURIComponent(target.resourceGroup)}`;
    const path = `${group}/providers/${text(type)}/${encodeURIComponent(text(name))}`;
    const asked = `write the rule ${text(name)}`;
    const told = { target, name: text(name), path, body: rest };
    try {
      audit(told, 'sending', '');
      const request = { path, apiVersion: text(apiVersion), body: rest, asked, role: 'Monitoring Contributor' };
      await arm.send({ method: 'PUT', ...request }, signal);
      written += 1;
      quietly(() => audit(told, 'done', ''));
    } catch (error) {
      const isRefused = error instanceof AzureProblem && error.status >= 400 && error.status < 500;
      quietly(() => audit(told, isRefused ? 'refused' : 'unknown', messageOf(error)));
      return {
        outcome: 'failed',
        text: `${written} of ${resources.length} rules were written; ${text(name)} was not: ${messageOf(error)}`,
        hint: 'Run it again: rules that are there are only replaced.',
      };
    }
  }
  return { outcome: 'done', text: `${written} rules are written.`, object: undefined };
}

function quietly(what: () => void): void {
  try {
    what();
  } catch {
    // The rule itself has been written, or was not; that is told on the screen.
  }
}
