// Microsoft.OperationalInsights/workspaces/tables: which tables there are, on which plan, with which columns.
import type { DatabaseTable } from '../../kql/database.ts';
import { answerJson } from '../answers.ts';
import { workspaceId } from '../azure-settings.ts';
import { ArmError } from './arm-error.ts';
import type { ArmRequest, ArmRoutes } from './arm-request.ts';
import { found, type Ground } from './ground.ts';

type Table = Pick<DatabaseTable, 'name' | 'plan' | 'columns'>;

export function workspaceTableRoutes(ground: Ground, tables: () => readonly Table[]): ArmRoutes {
  const of = 'microsoft.operationalinsights workspaces/*/tables';
  const workspace = (request: ArmRequest) => {
    const { path } = request;
    const id = path.id.split('/').slice(0, 9).join('/');
    const type = 'Microsoft.OperationalInsights/workspaces';
    return found(ground, { ...request, path: { ...path, id, type, names: path.names.slice(0, 1) } });
  };
  return {
    [`GET ${of}`](request) {
      workspace(request);
      return answerJson(200, { value: tables().map(tableObject) });
    },
    [`GET ${of}/*`](request) {
      workspace(request);
      const name = request.path.names[1] ?? '';
      const table = tables().find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (table !== undefined) return answerJson(200, tableObject(table));
      throw new ArmError(404, 'ResourceNotFound', `Table ${name} was not found in workspace ${request.path.names[0]}.`);
    },
  };
}

/** ARM's names for a column's type are others than KQL's. */
const types: Readonly<Record<string, string>> = {
  bool: 'boolean',
  datetime: 'dateTime',
  decimal: 'real',
  timespan: 'string',
};

function tableObject({ name, plan, columns }: Table) {
  const isAnalytics = plan === 'Analytics';
  return {
    id: `${workspaceId()}/tables/${name}`,
    name,
    type: 'Microsoft.OperationalInsights/workspaces/tables',
    properties: {
      totalRetentionInDays: 30,
      archiveRetentionInDays: isAnalytics ? 0 : 22,
      retentionInDays: isAnalytics ? 30 : 8,
      retentionInDaysAsDefault: true,
      totalRetentionInDaysAsDefault: true,
      plan,
      provisioningState: 'Succeeded',
      schema: {
        name,
        displayName: name,
        tableType: 'Microsoft',
        tableSubType: 'DataCollectionRuleBased',
        isTroubleshootingAllowed: true,
        solutions: ['ContainerInsights'],
        standardColumns: columns.map((column) => ({
          name: column.name,
          type: types[column.type] ?? column.type,
          isDefaultDisplay: true,
          isHidden: column.name.startsWith('_'),
        })),
      },
    },
  };
}
