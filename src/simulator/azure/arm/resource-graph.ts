// Microsoft.ResourceGraph/resources: queries over all resources, as far as simple conditions and projections go.
import { answerError, answerJson } from '../answers.ts';
import { azurePlace } from '../azure-settings.ts';
import type { AzureAnswer } from '../route.ts';
import { ArmError } from './arm-error.ts';
import { type ArmRequest, type ArmRoutes, bodyOf } from './arm-request.ts';
import type { Ground } from './ground.ts';
import { shownCluster } from './managed-clusters.ts';
import type { Resource } from './resource-store.ts';

type Row = { [column: string]: unknown };

const types = ['Microsoft.ContainerService/managedClusters', 'Microsoft.OperationalInsights/workspaces'];

export function resourceGraphRoutes(ground: Ground): ArmRoutes {
  return { 'POST microsoft.resourcegraph resources': (request) => answerQuery(ground, request) };
}

function answerQuery(ground: Ground, request: ArmRequest): AzureAnswer {
  const { query, subscriptions, options } = bodyOf(request) as Asked;
  if (typeof query !== 'string' || query === '') {
    throw new ArmError(400, 'BadRequest', 'Please provide below info when asking for support: query is missing.');
  }
  const isAsked =
    subscriptions === undefined ||
    subscriptions.length === 0 ||
    subscriptions.some((one) => one.toLowerCase() === azurePlace.subscription);
  const rows = isAsked ? types.flatMap((type) => ground.resources.list(type, '').map((one) => rowOf(ground, one))) : [];
  const [table = '', ...steps] = query.split('|').map((step) => step.trim());
  if (table.toLowerCase() !== 'resources') return refused(table);
  let found: readonly Row[] = rows;
  for (const step of steps) {
    const next = apply(found, step);
    if (next === undefined) return refused(step);
    found = next;
  }
  const start = options?.$skip ?? 0;
  const data = found.slice(start, start + (options?.$top ?? 1000));
  return answerJson(200, {
    totalRecords: found.length,
    count: data.length,
    data,
    facets: [],
    resultTruncated: 'false',
  });
}

type Asked = { query?: unknown; subscriptions?: string[]; options?: { $top?: number; $skip?: number } };

function rowOf(ground: Ground, resource: Resource): Row {
  const { id, name, type, location, tags, sku, identity, properties } = shownCluster(ground, resource);
  return {
    ...{ id, name, type: type.toLowerCase(), tenantId: azurePlace.tenant, kind: '', location },
    resourceGroup: id.split('/')[4]?.toLowerCase(),
    subscriptionId: azurePlace.subscription,
    ...{ sku: sku ?? null, tags: tags ?? null, identity: identity ?? null, properties },
  };
}

/** Undefined: a step that is not understood here. */
function apply(rows: readonly Row[], step: string): readonly Row[] | undefined {
  const [operator = '', rest = ''] = step.split(/\s+(.*)/s);
  switch (operator.toLowerCase()) {
    case 'where': {
      const tests = rest.split(/\s+and\s+/i).map(condition);
      return tests.includes(undefined) ? undefined : rows.filter((row) => tests.every((test) => test?.(row)));
    }
    case 'project':
      return rows.map((row) =>
        Object.fromEntries(
          rest.split(',').map((one) => {
            const [name = '', path = name] = one.split('=').map((part) => part.trim());
            return [name.split('.').join('_'), valueAt(row, path)];
          }),
        ),
      );
    case 'limit':
    case 'take':
      return rows.slice(0, Number(rest));
    case 'order':
      return rows;
    default:
      return undefined;
  }
}

function condition(text: string): ((row: Row) => boolean) | undefined {
  const list = /^([\w.()]+)\s+in~?\s*\(([^)]*)\)$/i.exec(text.trim());
  const single = /^([\w.()]+)\s*(==|=~|!=|!~|has|contains)\s*(['"])(.*)\3$/i.exec(text.trim());
  if (list !== null) {
    const wanted = (list[2] ?? '').split(',').map((one) =>
      one
        .trim()
        .replace(/^['"]|['"]$/g, '')
        .toLowerCase(),
    );
    return (row) => wanted.includes(valueText(row, list[1]));
  }
  if (single === null) return undefined;
  const [, path, operator = '', , value = ''] = single;
  const wanted = value.toLowerCase();
  const isNot = operator.startsWith('!');
  return (row) => {
    const is = valueText(row, path);
    const holds = /^(has|contains)$/i.test(operator) ? is.includes(wanted) : is === wanted;
    return isNot ? !holds : holds;
  };
}

function valueText(row: Row, path = ''): string {
  return String(valueAt(row, path.replace(/^to(lower|string)\((.*)\)$/i, '$2')) ?? '').toLowerCase();
}

function valueAt(row: Row, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (at as Row | null | undefined)?.[name], row);
}

function refused(step: string): AzureAnswer {
  return answerError(400, 'BadRequest', `Query is invalid: the simulated Resource Graph does not know "${step}".`);
}
