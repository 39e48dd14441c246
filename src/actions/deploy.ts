import { UserError } from '../errors.ts';
import { readManagedCluster } from '../model/azure/read-managed-cluster.ts';
import { managedClusterPath } from '../model/azure/resource-id.ts';
import type { DeploymentPlan } from '../model/plans/deployment-plan.ts';
import type { DeploymentWish } from '../model/plans/deployments.ts';
import { nodeCount, poolWords } from '../model/plans/existing-cluster.ts';
import { writableBody } from '../model/plans/writable-body.ts';
import type { Action } from './action.ts';
import { differenceLines } from './difference-lines.ts';

export const deploy: Action<DeploymentWish> = {
  id: 'deploy',
  title: 'change the managed cluster',
  says: 'Enables Cilium, ACNS, monitoring or flow logs on the managed cluster, or upgrades it: reads the whole cluster from Azure Resource Manager, checks whether the change can be made, and writes it back with that change, only if nobody else changed it meanwhile. The operation runs in Azure for minutes to hours; it goes on, and is found again, whoever leaves.',
  dangerous: false,
  async plan(wish, world, signal) {
    const { plan, before, change } = await world.planDeployment(wish, signal);
    refuse(plan);
    const { resourceGroup, name } = plan.target;
    const cluster = readManagedCluster(before);
    const about = (...which: readonly string[]) =>
      plan.effects.filter((one) => which.includes(one.about)).map(({ text }) => text);
    const resource = {
      group: 'Microsoft.ContainerService',
      version: 'ARM',
      plural: 'managedClusters',
      kind: 'ManagedCluster',
    };
    return {
      action: 'deploy',
      title: plan.title,
      sentence: about('does').join(' '),
      object: { kind: resource.kind, namespace: resourceGroup, name },
      request: { verb: 'replace', resource, namespace: resourceGroup, name, body: change.body, preconditions: {} },
      call: `PUT ${managedClusterPath(plan.target)} If-Match: ${change.etag}`,
      kubectl: plan.commands.map((line) => line.replaceAll(' \\\n ', '')).join(' ; '),
      before: writableBody(before),
      after: change.body,
      difference: differenceLines(writableBody(before), change.body, (body) => body),
      reach: [`${poolWords(cluster.pools.map((pool) => pool.name))}, ${nodeCount(cluster)} nodes`],
      warnings: [
        ...about('disrupts'),
        ...plan.problems.map(({ text, hint }) => `${text} ${hint}`.trim()),
        ...plan.notLookedAt.map((text) => `Not looked at: ${text}`),
        ...(plan.byApply.text === '' ? [] : [plan.byApply.text]),
        ...about('then'),
      ],
      undo: about('back').join(' '),
      verify: `Done when Azure says so: ${about('takes').join(' ')}`,
      dangerous: plan.dangerous,
      uses: '',
      deployment: change,
    };
  },
  run({ deployment }, { operate }) {
    if (deployment !== undefined) return operate(deployment);
    return Promise.resolve({
      outcome: 'refused',
      kind: 'closed',
      what: 'This plan is none of a deployment.',
      hint: '',
    });
  },
};

function refuse({ problems, isDone, byApply, commands }: DeploymentPlan): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new UserError(errors.map(({ text, hint }) => `${text} ${hint}`.trim()).join(' '));
  if (isDone) throw new UserError('The cluster is so already: there is nothing to do.');
  if (byApply.does === 'nothing') throw new UserError(byApply.text, commands.join(' ; ').replaceAll(' \\\n ', ''));
}
