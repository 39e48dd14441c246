import * as columns from './flow-columns.ts';
import { kql, whereAny } from './kql-text.ts';
import { namespace } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const topDeniedTalkers: SavedQuery = {
  id: 'top-denied-talkers',
  title: 'Top denied talkers',
  why: 'Which workloads a policy denies most, to whom.',
  reads: ['flows'],
  parameters: [namespace],
  timespan: 'PT1H',
  canFollow: false,
  text: ({ tables, parameters }) =>
    kql(
      tables.flows ?? '',
      '| where Verdict == "DROPPED" and DropReason contains "POLICY"',
      whereAny(['SourceNamespace', 'DestinationNamespace'], parameters['namespace']),
      columns.flows,
      columns.ends,
      '| summarize Flows = sum(Flows), First = min(TimeGenerated), Last = max(TimeGenerated) by Source, Destination',
      '| top 20 by Flows',
    ),
};
