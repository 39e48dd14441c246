import { kql, whereIs } from './kql-text.ts';
import { node } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const nodeToApiFailures: SavedQuery = {
  id: 'node-to-api-failures',
  title: 'Nodes that cannot reach the API server',
  why: 'Agents and operators that lost the API server: many nodes at once is the server, one is that node.',
  reads: ['containers'],
  parameters: [node],
  timespan: 'PT6H',
  canFollow: false,
  text: ({ tables, parameters }) =>
    kql(
      tables.containers ?? '',
      '| where PodNamespace == "kube-system" and PodName startswith "cilium"',
      whereIs('Computer', parameters['node']),
      '| extend Message = tostring(LogMessage)',
      '| where Message has_any ("Unable to contact k8s api-server", "Network status error received, restarting client connections",',
      '    "Failed to update lock", "Error retrieving lease lock", "connection refused", "i/o timeout", "TLS handshake timeout", "no route to host")',
      '| extend What = case(Message has "Unable to contact k8s api-server", "cannot start without it",',
      '    Message has "Network status error", "heartbeat lost", Message has "lock", "lease not renewed", "connection failed")',
      '| summarize Lines = count(), First = min(TimeGenerated), Last = max(TimeGenerated), Example = take_any(Message) by Computer, What',
      '| order by Last desc',
    ),
};
