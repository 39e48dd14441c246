import { auditRows } from './audit-columns.ts';
import { kql, whereIs, whereResource } from './kql-text.ts';
import { namespace } from './parameters.ts';
import type { SavedQuery } from './saved-query.ts';

export const deletes: SavedQuery = {
  id: 'deletes',
  title: 'What was deleted, and by whom',
  why: 'A watch sees that something is gone, but not who did it; audit logs come 3 to 10 minutes late.',
  reads: ['audit'],
  parameters: [
    namespace,
    { name: 'people', title: 'yes: without what controllers delete', fallback: 'yes', from: '' },
    { name: 'cluster', title: 'resource ID of the cluster', fallback: '', from: '' },
  ],
  timespan: 'P1D',
  canFollow: true,
  text: ({ tables, parameters }) =>
    kql(
      auditRows(tables.audit ?? ''),
      '| where Verb in ("delete", "deletecollection") and Code between (200 .. 299)',
      parameters['people'] === 'yes'
        ? '| where not(Account startswith "system:node:" or Account startswith "system:serviceaccount:kube-system:" or Account in ("system:kube-controller-manager", "system:kube-scheduler", "system:apiserver", "aksService"))'
        : '',
      whereIs('Namespace', parameters['namespace']),
      // Several clusters may write to one workspace; their IDs come in any case.
      whereResource(parameters['cluster']),
      '| project TimeGenerated, Kind, Namespace, Name, Account, Verb, Source, Code, AuditId',
      '| order by TimeGenerated asc',
    ),
};
