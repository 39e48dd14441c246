import { kql } from './kql-text.ts';
import { most } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const azureChanges: SavedQuery = {
  id: 'azure-changes',
  title: 'Changes in Azure',
  why: 'What was done to the cluster and its surroundings through Azure, and by whom; the log comes 3 to 20 minutes late.',
  reads: ['activity'],
  parameters: [most],
  timespan: 'P1D',
  canFollow: false,
  text: ({ tables, parameters }) =>
    kql(
      tables.activity ?? '',
      '| where CategoryValue == "Administrative" and OperationNameValue has_any ("MICROSOFT.CONTAINERSERVICE", "MICROSOFT.NETWORK", "MICROSOFT.COMPUTE")',
      '| project TimeGenerated, OperationNameValue, ActivityStatusValue, Caller, ResourceGroup, _ResourceId, CorrelationId',
      `| top ${Number.parseInt(parameters['most'] ?? '', 10) || 100} by TimeGenerated`,
    ),
};
