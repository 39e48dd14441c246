import * as columns from './flow-columns.ts';
import { kql, whereAny } from './kql-text.ts';
import { namespace } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const flowsByBackend: SavedQuery = {
  id: 'flows-by-backend',
  title: 'Flows into each pod of a workload',
  why: 'Whether the pods of a workload get their share of what is sent to it, or one of them gets it all.',
  reads: ['flows'],
  parameters: [namespace],
  timespan: 'PT15M',
  canFollow: false,
  text: ({ tables, parameters }) =>
    kql(
      tables.flows ?? '',
      // What a proxy saw is told beside the flow itself, and answers go the other way.
      '| where Verdict == "FORWARDED" and FlowType != "L7" and Reply != true and isnotempty(DestinationPodName)',
      whereAny(['DestinationNamespace'], parameters['namespace']),
      columns.flows,
      columns.ends,
      '| summarize Flows = sum(Flows), Clients = dcount(SourcePodName), Last = max(TimeGenerated)',
      '    by Workload = Destination, DestinationNamespace, Pod = DestinationPodName',
      '| top 2000 by Flows',
    ),
};
