import { kql, whereIs } from './kql-text.ts';
import { node } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const agentErrors: SavedQuery = {
  id: 'agent-errors',
  title: 'Agent errors by pattern',
  why: 'What the agents complain of, how often, and on how many nodes.',
  reads: ['containers'],
  parameters: [node],
  timespan: 'PT6H',
  canFollow: false,
  text: ({ tables, parameters }) =>
    kql(
      tables.containers ?? '',
      '| where PodNamespace == "kube-system" and PodName startswith "cilium-" and PodName !startswith "cilium-operator"',
      whereIs('Computer', parameters['node']),
      '| extend Message = tostring(LogMessage)',
      // `warn` was written `warning` before Cilium 1.17 (domain §5).
      '| extend Level = extract("level=(warn|error|fatal|panic)", 1, Message)',
      '| where isnotempty(Level) or Message has_any ("panic:", "POTENTIAL DEADLOCK")',
      '| extend Pattern = coalesce(extract("msg=\\"([^\\"]+)\\"", 1, Message), extract("msg=([^ ]+)", 1, Message), substring(Message, 0, 120))',
      '| summarize Lines = count(), Nodes = dcount(Computer), First = min(TimeGenerated), Last = max(TimeGenerated),',
      '    Example = take_any(Message) by Level, ContainerName, Pattern',
      '| top 100 by Lines',
    ),
};
