import * as columns from './flow-columns.ts';
import { kql, whereAny } from './kql-text.ts';
import { namespace, node, pod } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const deniedFlows: SavedQuery = {
  id: 'denied-flows',
  title: 'Denied flows',
  why: 'Who was denied what, newest last; each row stands for 30 seconds.',
  reads: ['flows'],
  parameters: [namespace, pod, node],
  timespan: 'PT1H',
  canFollow: true,
  text: ({ tables, parameters }) =>
    kql(
      tables.flows ?? '',
      '| where Verdict == "DROPPED"',
      whereAny(['SourceNamespace', 'DestinationNamespace'], parameters['namespace']),
      whereAny(['SourcePodName', 'DestinationPodName'], parameters['pod']),
      whereAny(['NodeName'], parameters['node']),
      columns.flows,
      columns.port,
      columns.ends,
      '| project TimeGenerated, Source, Destination, Port, Flows, DropReason, Protocol, TrafficDirection, NodeName,',
      '    SourceNamespace, SourcePodName, DestinationNamespace, DestinationPodName, Policies, UUID',
      '| order by TimeGenerated asc',
    ),
};
