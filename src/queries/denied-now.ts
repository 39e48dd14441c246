import * as columns from './flow-columns.ts';
import { kql, whereAny } from './kql-text.ts';
import { namespace } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const deniedNow: SavedQuery = {
  id: 'denied-now',
  title: 'Denied just now',
  why: 'Who is denied whom in the last quarter of an hour, and how many seconds late flow logs come in.',
  reads: ['flows'],
  parameters: [namespace],
  timespan: 'PT15M',
  canFollow: false,
  text: ({ tables, parameters }) =>
    kql(
      tables.flows ?? '',
      '| where Verdict == "DROPPED"',
      whereAny(['SourceNamespace', 'DestinationNamespace'], parameters['namespace']),
      columns.flows,
      columns.port,
      columns.ends,
      '| extend Ingested = ingestion_time()',
      '| summarize Flows = sum(Flows), Last = max(TimeGenerated),',
      '    LateBy = percentile((Ingested - TimeGenerated) / 1s, 95) by Source, Destination, Port',
      '| top 20 by Flows',
    ),
};
