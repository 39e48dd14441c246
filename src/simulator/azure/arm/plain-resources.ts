// Resources that are kept as they were put: read, listed, written and deleted by the same few rules.
import { answerJson } from '../answers.ts';
import type { AzureAnswer } from '../route.ts';
import { ArmError } from './arm-error.ts';
import { type ArmRequest, type ArmRoute, type ArmRoutes, bodyOf, pageOf } from './arm-request.ts';
import { checkGroup, found, type Ground } from './ground.ts';
import { checkMatch } from './managed-clusters.ts';
import { etagOf, type Properties, type Resource } from './resource-store.ts';

type PlainType = {
  /** As ARM writes it: `Microsoft.Insights/scheduledQueryRules`. */
  type: string;
  /** Absent: it may only be read. */
  isWritable?: boolean;
  /** It is about another resource, which must be there. */
  isExtension?: boolean;
  /** Its body has `kind` and the like, but no group of its own and no location. */
  needsLocation?: boolean;
};

const plainTypes: readonly PlainType[] = [
  { type: 'Microsoft.Resources/subscriptions' },
  { type: 'Microsoft.Resources/subscriptions/resourceGroups', isWritable: true, needsLocation: true },
  { type: 'Microsoft.Network/virtualNetworks' },
  { type: 'Microsoft.Network/virtualNetworks/subnets' },
  { type: 'Microsoft.OperationalInsights/workspaces' },
  { type: 'Microsoft.Monitor/accounts' },
  { type: 'Microsoft.Insights/dataCollectionRules', isWritable: true, needsLocation: true },
  { type: 'Microsoft.Insights/dataCollectionRuleAssociations', isWritable: true, isExtension: true },
  { type: 'Microsoft.Insights/diagnosticSettings', isWritable: true, isExtension: true },
  { type: 'Microsoft.Insights/scheduledQueryRules', isWritable: true, needsLocation: true },
  { type: 'Microsoft.Insights/metricAlerts', isWritable: true, needsLocation: true },
  { type: 'Microsoft.Insights/actionGroups', isWritable: true, needsLocation: true },
  { type: 'Microsoft.AlertsManagement/prometheusRuleGroups', isWritable: true, needsLocation: true },
  { type: 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations', isWritable: true },
];

/** `changed` is called with a type after one of its resources was written or is gone. */
export function plainRoutes(ground: Ground, changed: (type: string) => void): ArmRoutes {
  const routes: Record<string, ArmRoute> = {};
  for (const plain of plainTypes) {
    const [namespace = '', ...types] = plain.type.toLowerCase().split('/');
    const one = `${namespace} ${types.join('/*/')}`;
    routes[`GET ${one}`] = (request) => list(ground, plain, request);
    routes[`GET ${one}/*`] = (request) => answerJson(200, found(ground, request));
    if (!plain.isWritable) continue;
    routes[`PUT ${one}/*`] = (request) => {
      const answer = put(ground, plain, request);
      changed(plain.type);
      return answer;
    };
    routes[`DELETE ${one}/*`] = (request) => {
      const isThere = ground.resources.get(request.path.id) !== undefined;
      ground.resources.remove(request.path.id);
      changed(plain.type);
      return { status: isThere ? 200 : 204 };
    };
  }
  return routes;
}

function list(ground: Ground, { type, isExtension }: PlainType, request: ArmRequest): AzureAnswer {
  const { path } = request;
  checkGroup(ground, path.id);
  const parent = path.names.length > 0 ? path.id.split('/').slice(0, -1).join('/') : path.scope;
  if (isExtension || (path.names.length > 0 && path.namespace !== 'microsoft.resources')) checkParent(ground, parent);
  const items = ground.resources.list(type, parent);
  return answerJson(200, pageOf(items, request, ground.url(), ground.pace.pageSize));
}

function put(ground: Ground, plain: PlainType, request: ArmRequest): AzureAnswer {
  const { path } = request;
  // A group is put where none is yet.
  if (path.namespace !== 'microsoft.resources') checkGroup(ground, path.id);
  if (plain.isExtension) checkParent(ground, path.scope);
  else if (path.names.length > 1 && path.namespace !== 'microsoft.resources') {
    checkParent(ground, path.id.split('/').slice(0, -2).join('/'));
  }
  const before = ground.resources.get(path.id);
  checkMatch(request, before?.eTag);
  const body = bodyOf(request);
  if (plain.needsLocation && typeof body['location'] !== 'string') {
    throw new ArmError(400, 'LocationRequired', 'The location property is required for this definition.');
  }
  const next: Resource = {
    ...body,
    id: before?.id ?? path.id,
    name: path.names.at(-1) ?? '',
    type: plain.type,
    properties: { ...((body['properties'] ?? {}) as Properties), provisioningState: 'Succeeded' },
  };
  const kept = ground.resources.put({ ...next, eTag: etagOf(next) });
  // An extension is never said to be new.
  return answerJson(before === undefined && !plain.isExtension ? 201 : 200, kept);
}

function checkParent(ground: Ground, id: string): void {
  if (ground.resources.get(id) !== undefined) return;
  const [group = '', rest = ''] = id.split('/').slice(4).join('/').split('/providers/');
  throw new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${rest}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}
