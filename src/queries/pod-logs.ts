import { kql, kqlString, whereIs } from './kql-text.ts';
import { namespace, node, pod } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const podLogs: SavedQuery = {
  id: 'pod-logs',
  title: 'Pod logs',
  why: 'What containers wrote, also of pods that are gone; kube-system may be excluded by the monitoring agent.',
  reads: ['containers'],
  parameters: [
    namespace,
    pod,
    node,
    { name: 'container', title: 'container', fallback: '', from: 'container' },
    { name: 'contains', title: 'text that a line holds', fallback: '', from: '' },
  ],
  timespan: 'PT1H',
  canFollow: true,
  text: ({ tables, parameters }) =>
    kql(
      tables.containers ?? '',
      whereIs('PodNamespace', parameters['namespace']),
      // Of a workload as well as of one pod: names of pods begin with their workload's.
      parameters['pod'] ? `| where PodName startswith ${kqlString(parameters['pod'])}` : '',
      whereIs('ContainerName', parameters['container']),
      whereIs('Computer', parameters['node']),
      '| extend Message = tostring(LogMessage)',
      parameters['contains'] ? `| where Message contains ${kqlString(parameters['contains'])}` : '',
      '| project TimeGenerated, PodName, ContainerName, Message, LogLevel, PodNamespace, LogSource, Computer',
      '| order by TimeGenerated asc',
    ),
};
