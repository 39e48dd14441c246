import * as columns from './flow-columns.ts';
import { kql, whereAny } from './kql-text.ts';
import { namespace } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const deniedFlowsByPolicy: SavedQuery = {
  id: 'denied-flows-by-policy',
  title: 'Denied flows by policy',
  why: 'Which policies deny how much, and what; no policy named means that nothing allowed it.',
  reads: ['flows'],
  parameters: [namespace],
  timespan: 'PT1H',
  canFollow: false,
  text: ({ tables, parameters }) =>
    kql(
      tables.flows ?? '',
      '| where Verdict == "DROPPED"',
      whereAny(['SourceNamespace', 'DestinationNamespace'], parameters['namespace']),
      columns.flows,
      columns.port,
      columns.ends,
      columns.policies,
      '| summarize Flows = sum(Flows), Last = max(TimeGenerated) by Policy, DropReason, TrafficDirection, Source, Destination, Port, Protocol',
      '| top 200 by Flows',
    ),
};
