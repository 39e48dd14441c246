import { kql } from './kql-text.ts';
import type { SavedQuery } from './saved-query.ts';

export const controlPlaneErrors: SavedQuery = {
  id: 'control-plane-errors',
  title: 'Control plane errors',
  why: 'What the API server and its controllers complain of.',
  reads: ['control-plane'],
  parameters: [],
  timespan: 'PT6H',
  canFollow: false,
  text: ({ tables }) =>
    tables['control-plane'] === 'AzureDiagnostics'
      ? kql(
          'AzureDiagnostics',
          '| where Category !startswith "kube-audit"',
          '| extend Message = log_s, PodName = pod_s',
          '| where Message matches regex "^[EF][0-9]{4} "',
          ending,
        )
      : kql(tables['control-plane'] ?? '', '| where Level in~ ("ERROR", "FATAL", "E", "F")', ending),
};

/** klog's head (`E1122 11:46:02.123456       1 `) says when, not what. */
const ending = kql(
  '| extend Pattern = substring(replace_regex(Message, @"^[EF][0-9]{4} [0-9:.]+ +[0-9]+ ", ""), 0, 120)',
  '| summarize Lines = count(), First = min(TimeGenerated), Last = max(TimeGenerated), Example = take_any(Message) by Category, Pattern',
  '| top 100 by Lines',
);
