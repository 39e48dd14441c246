import { kql } from './kql-text.ts';
import type { SavedQuery } from './saved-query.ts';

export const collectionTroubles: SavedQuery = {
  id: 'collection-troubles',
  title: 'What the workspace says of its collection',
  why: 'Daily cap, rate limits and failures of collection, in the workspace’s own words.',
  reads: ['operation'],
  parameters: [],
  timespan: 'P1D',
  canFollow: false,
  text: ({ tables }) =>
    kql(
      tables.operation ?? '',
      '| where OperationStatus !in~ ("Succeeded", "Information")',
      '| summarize Times = count(), Last = max(TimeGenerated) by OperationCategory, OperationStatus, Detail',
      '| top 20 by Last',
    ),
};
