import type { UpgradeProfile } from '../../model/azure/azure-facts.ts';
import { readUpgradeProfile } from '../../model/azure/read-upgrade-profile.ts';
import { readWorkspaceTable } from '../../model/azure/read-workspace.ts';
import { managedClusterPath } from '../../model/azure/resource-id.ts';
import { at, list, text } from '../../model/objects/raw.ts';
import type { PlanTarget } from '../../model/plans/deployment-plan.ts';
import { apiVersions } from './api-versions.ts';
import type { AzureConnection } from './azure-connection.ts';
import { AzureProblem } from './azure-problem.ts';

// What plans ask of ARM besides the cluster. What may not be read is undefined, and the plan says that it was not looked
// at; anything else that goes wrong rejects as ArmClient does.

type Arm = Pick<AzureConnection, 'arm'>;

/** To which versions the cluster can go. */
export async function readUpgrades(
  { arm }: Arm,
  target: PlanTarget,
  signal: AbortSignal,
): Promise<UpgradeProfile | undefined> {
  const path = `${managedClusterPath(target)}/upgradeProfiles/default`;
  const request = { path, apiVersion: apiVersions.containerService, asked: 'read the upgrade profile', role: 'Reader' };
  return orUnknown(arm.send({ method: 'GET', ...request }, signal).then(({ body }) => readUpgradeProfile(body)));
}

/** What is collected of the cluster: whether any rule is bound to it, and whether one of them takes flow logs. */
export type Collection = { hasRule: boolean; hasFlowStream: boolean };

export async function readCollection(
  { arm }: Arm,
  target: PlanTarget,
  signal: AbortSignal,
): Promise<Collection | undefined> {
  const asked = { apiVersion: apiVersions.dataCollection, role: 'Monitoring Reader' };
  const path = `${managedClusterPath(target)}/providers/Microsoft.Insights/dataCollectionRuleAssociations`;
  const bound = await orUnknown(arm.list({ ...asked, path, asked: 'read what is collected of the cluster' }, signal));
  if (bound === undefined) return undefined;
  const ids = bound.map((one) => text(at(one, 'properties', 'dataCollectionRuleId'), 1_024)).filter((id) => id !== '');
  const rules = await Promise.all(
    ids.map((id) =>
      orUnknown(arm.send({ ...asked, method: 'GET', path: id, asked: 'read a data collection rule' }, signal)),
    ),
  );
  const streams = rules
    .flatMap((rule) => list(at(rule?.body, 'properties', 'dataFlows')))
    .flatMap((flow) => list(at(flow, 'streams')).map((stream) => text(stream)));
  const containers = streams.filter((stream) => /^Microsoft-(ContainerInsights|ContainerLog|Kube)/i.test(stream));
  return {
    hasRule: containers.length > 0,
    hasFlowStream: streams.some((stream) => /^Microsoft-(ContainerNetworkLogs|RetinaNetworkFlowLogs)$/i.test(stream)),
  };
}

/** Where a workspace is; '' where it may not be read. */
export async function readLocation({ arm }: Arm, workspace: string, signal: AbortSignal): Promise<string> {
  if (!workspace.startsWith('/subscriptions/')) return '';
  const request = { path: workspace, apiVersion: apiVersions.operationalInsights, role: 'Log Analytics Reader' };
  const answer = await orUnknown(arm.send({ ...request, method: 'GET', asked: 'read the workspace' }, signal));
  return text(at(answer?.body, 'location'));
}

/** The plan (Analytics, Basic …) of each table of a workspace; empty where they may not be read. */
export async function readTablePlans(
  { arm }: Arm,
  workspace: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (!workspace.startsWith('/subscriptions/')) return new Map();
  const request = { apiVersion: apiVersions.operationalInsights, role: 'Log Analytics Reader' };
  const asked = 'read the tables of the workspace';
  const tables = await orUnknown(arm.list({ ...request, path: `${workspace}/tables`, asked }, signal));
  return new Map((tables ?? []).map(readWorkspaceTable).map(({ name, plan }) => [name, plan]));
}

async function orUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AzureProblem && (error.kind === 'forbidden' || error.kind === 'missing')) return undefined;
    throw error;
  }
}
