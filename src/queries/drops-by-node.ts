import * as columns from './flow-columns.ts';
import { kql } from './kql-text.ts';
import type { SavedQuery } from './saved-query.ts';

export const dropsByNode: SavedQuery = {
  id: 'drops-by-node',
  title: 'Drops by node',
  why: 'Whether one node drops what others do not, and why it says it does.',
  reads: ['flows'],
  parameters: [],
  timespan: 'PT1H',
  canFollow: false,
  text: ({ tables }) =>
    kql(
      tables.flows ?? '',
      '| where Verdict == "DROPPED"',
      columns.flows,
      '| summarize Flows = sum(Flows), Last = max(TimeGenerated) by NodeName, DropReason',
      '| order by Flows desc',
    ),
};
