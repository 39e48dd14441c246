import { kql, whereIs } from './kql-text.ts';
import { namespace } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const kubernetesEvents: SavedQuery = {
  id: 'kubernetes-events',
  title: 'Kubernetes events of the past',
  why: 'Warnings that the API server has forgotten: it keeps an hour, the workspace keeps weeks.',
  reads: ['events'],
  parameters: [namespace],
  timespan: 'P1D',
  canFollow: false,
  text: ({ tables, parameters }) =>
    kql(
      tables.events ?? '',
      whereIs('Namespace', parameters['namespace']),
      // The same event is written again with each count: the newest line of each is the whole of it.
      '| summarize arg_max(TimeGenerated, *) by ObjectKind, Namespace, Name, Reason, Message',
      '| project LastSeen, FirstSeen, Count, KubeEventType, ObjectKind, Namespace, Name, Reason, Message, SourceComponent, Computer',
      '| top 500 by LastSeen',
    ),
};
