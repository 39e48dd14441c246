import * as columns from './flow-columns.ts';
import { kql, kqlString } from './kql-text.ts';
import type { SavedQuery } from './saved-query.ts';

export const flowsBetween: SavedQuery = {
  id: 'flows-between',
  title: 'Flows between two workloads',
  why: 'What was let through and what was denied between these two, in both directions.',
  reads: ['flows'],
  parameters: [
    { name: 'from', title: 'namespace/workload or namespace/pod', fallback: '', from: 'workload', isNeeded: true },
    { name: 'to', title: 'the other one', fallback: '', from: '', isNeeded: true },
  ],
  timespan: 'PT1H',
  canFollow: true,
  text: ({ tables, parameters }) => {
    const [a, b] = [kqlString(parameters['from'] ?? ''), kqlString(parameters['to'] ?? '')];
    return kql(
      tables.flows ?? '',
      columns.ends,
      '| extend SourcePod = strcat(SourceNamespace, "/", SourcePodName), DestinationPod = strcat(DestinationNamespace, "/", DestinationPodName)',
      `| where ((Source == ${a} or SourcePod == ${a}) and (Destination == ${b} or DestinationPod == ${b}))`,
      `    or ((Source == ${b} or SourcePod == ${b}) and (Destination == ${a} or DestinationPod == ${a}))`,
      columns.flows,
      columns.port,
      '| project TimeGenerated, Verdict, DropReason, SourcePod, DestinationPod, Port, Protocol, TrafficDirection, Reply, Flows,',
      '    NodeName, Policies, UUID',
      '| order by TimeGenerated asc',
    );
  },
};
