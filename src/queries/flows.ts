import * as columns from './flow-columns.ts';
import { kql, whereAny } from './kql-text.ts';
import { namespace, node, pod } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const flows: SavedQuery = {
  id: 'flows',
  title: 'Flows',
  why: 'Who talked to whom, let through or not; each row stands for 30 seconds.',
  reads: ['flows'],
  parameters: [namespace, pod, node],
  timespan: 'PT1H',
  canFollow: true,
  text: ({ tables, parameters }) =>
    kql(
      tables.flows ?? '',
      whereAny(['SourceNamespace', 'DestinationNamespace'], parameters['namespace']),
      whereAny(['SourcePodName', 'DestinationPodName'], parameters['pod']),
      whereAny(['NodeName'], parameters['node']),
      columns.flows,
      columns.port,
      columns.ends,
      '| project TimeGenerated, Verdict, Source, Destination, Port, Protocol, DropReason, TrafficDirection, Reply, Flows,',
      '    NodeName, SourceNamespace, SourcePodName, DestinationNamespace, DestinationPodName, Policies, UUID',
      '| order by TimeGenerated asc',
    ),
};
