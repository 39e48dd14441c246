import { kql } from './kql-text.ts';
import type { SavedQuery } from './saved-query.ts';

export const agentErrorsOverTime: SavedQuery = {
  id: 'agent-errors-over-time',
  title: 'Agent errors over time',
  why: 'Which nodes’ agents log errors and warnings, and since when.',
  reads: ['containers'],
  parameters: [],
  timespan: 'PT6H',
  canFollow: false,
  chart: { x: 'TimeGenerated', y: 'Lines', by: 'Computer' },
  text: ({ tables }) =>
    kql(
      tables.containers ?? '',
      '| where PodNamespace == "kube-system" and ContainerName == "cilium-agent"',
      '| extend Message = tostring(LogMessage)',
      '| where Message matches regex "level=(warn|error|fatal)"',
      '| summarize Lines = count() by bin(TimeGenerated, 5m), Computer',
      '| order by TimeGenerated asc',
      '| render timechart',
    ),
};
