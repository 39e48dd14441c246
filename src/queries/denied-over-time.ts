import * as columns from './flow-columns.ts';
import { kql, whereAny } from './kql-text.ts';
import { namespace } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const deniedOverTime: SavedQuery = {
  id: 'denied-over-time',
  title: 'Denied flows over time',
  why: 'When it began: denied flows each minute, by reason.',
  reads: ['flows'],
  parameters: [namespace],
  timespan: 'PT3H',
  canFollow: false,
  chart: { x: 'TimeGenerated', y: 'Flows', by: 'DropReason' },
  text: ({ tables, parameters }) =>
    kql(
      tables.flows ?? '',
      '| where Verdict == "DROPPED"',
      whereAny(['SourceNamespace', 'DestinationNamespace'], parameters['namespace']),
      columns.flows,
      '| summarize Flows = sum(Flows) by bin(TimeGenerated, 1m), DropReason',
      '| order by TimeGenerated asc',
      '| render timechart',
    ),
};
