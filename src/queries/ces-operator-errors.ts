import { kql } from './kql-text.ts';
import type { SavedQuery } from './saved-query.ts';

export const cesOperatorErrors: SavedQuery = {
  id: 'ces-operator-errors',
  title: 'Endpoint slice errors of the operator',
  why: 'Whether the operator fails to write CiliumEndpointSlices: some of it is logged as info only.',
  reads: ['containers'],
  parameters: [],
  timespan: 'P1D',
  canFollow: false,
  text: ({ tables }) =>
    kql(
      tables.containers ?? '',
      '| where PodNamespace == "kube-system" and PodName startswith "cilium-operator"',
      '| extend Message = tostring(LogMessage)',
      '| where Message has_any ("exceeded maxRetries", "Error processing CES", "CiliumEndpointSlice in k8s-apiserver",',
      '    "Leader election lost", "Failed to update lock", "Couldn\'t parse CES rate limit config")',
      '| extend Pattern = coalesce(extract("msg=\\"([^\\"]+)\\"", 1, Message), extract("msg=([^ ]+)", 1, Message), substring(Message, 0, 120))',
      '| summarize Lines = count(), First = min(TimeGenerated), Last = max(TimeGenerated), Example = take_any(Message) by Pattern, PodName',
      '| order by Last desc',
    ),
};
