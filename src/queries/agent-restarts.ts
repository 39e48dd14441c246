import { kql } from './kql-text.ts';
import type { SavedQuery } from './saved-query.ts';

export const agentRestarts: SavedQuery = {
  id: 'agent-restarts',
  title: 'Restarts of Cilium’s pods',
  why: 'Which agents and operators restarted, how often, and why.',
  reads: ['pods'],
  parameters: [],
  timespan: 'P1D',
  canFollow: false,
  text: ({ tables }) =>
    kql(
      tables.pods ?? '',
      '| where Namespace == "kube-system" and Name startswith "cilium"',
      // ContainerName is "uid/name".
      '| extend Container = tostring(split(ContainerName, "/")[1])',
      '| summarize Least = min(ContainerRestartCount), Most = max(ContainerRestartCount),',
      '    arg_max(TimeGenerated, ContainerStatusReason, ContainerLastStatus) by Computer, Name, Container',
      '| where Most > Least or ContainerStatusReason == "CrashLoopBackOff"',
      '| project Name, Container, Computer, Restarts = Most - Least, Reason = ContainerStatusReason,',
      '    LastStatus = ContainerLastStatus, Last = TimeGenerated',
      '| order by Restarts desc',
    ),
};
