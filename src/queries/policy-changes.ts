import { auditRows } from './audit-columns.ts';
import { kql, whereIs } from './kql-text.ts';
import { namespace } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const policyChanges: SavedQuery = {
  id: 'policy-changes',
  title: 'Policy changes',
  why: 'Who changed or deleted a network policy, and from where; audit logs come 3 to 10 minutes late.',
  reads: ['audit'],
  parameters: [namespace],
  timespan: 'P7D',
  canFollow: true,
  text: ({ tables, parameters }) =>
    kql(
      auditRows(tables.audit ?? ''),
      '| where Kind in ("networkpolicies", "ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies") and isempty(Subresource)',
      '| where Verb in ("create", "update", "patch", "delete", "deletecollection") and Code between (200 .. 299)',
      whereIs('Namespace', parameters['namespace']),
      '| project TimeGenerated, Verb, Namespace, Name, Account, Kind, Source, Code, AuditId',
      '| order by TimeGenerated asc',
    ),
};
