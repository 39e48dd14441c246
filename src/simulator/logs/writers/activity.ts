// AzureActivity: what was done to resources through ARM, where the subscription's diagnostic setting sends it here.
import { azurePlace } from '../../azure/azure-settings.ts';
import { guidOf } from '../../azure/guid.ts';
import type { Observed } from '../observed.ts';
import type { Writer } from '../row.ts';

export function writeActivity({ activities }: Observed): Writer {
  return function* (from, to) {
    for (const { at, caller, correlation, operation, resource, status, title } of activities()) {
      if (at <= from || at > to) continue;
      const id = guidOf(`${correlation} ${status} ${at}`);
      yield {
        table: 'AzureActivity',
        at,
        key: id,
        batch: `activity ${Math.ceil(at / 60_000)}`,
        by: 'resource',
        values: () => ({
          OperationName: title,
          OperationNameValue: operation.toUpperCase(),
          ActivityStatus: status,
          ActivityStatusValue: status === 'Succeeded' ? 'Success' : status === 'Failed' ? 'Failure' : 'Start',
          CategoryValue: 'Administrative',
          Caller: caller,
          CorrelationId: correlation,
          ResourceGroup: (/\/resourcegroups\/([^/]+)/i.exec(resource)?.[1] ?? '').toUpperCase(),
          ResourceProviderValue: (operation.split('/')[0] ?? '').toUpperCase(),
          SubscriptionId: azurePlace.subscription,
          Level: status === 'Failed' ? 'Error' : 'Informational',
          EventDataId: id,
          Properties_d: { resource, message: operation.toUpperCase(), entity: resource },
          Authorization_d: { action: operation, scope: resource },
          _ResourceId: resource.toLowerCase(),
        }),
      };
    }
  };
}
