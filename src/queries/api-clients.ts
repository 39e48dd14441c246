import { auditRows } from './audit-columns.ts';
import { kql } from './kql-text.ts';
import type { SavedQuery } from './saved-query.ts';

export const apiClients: SavedQuery = {
  id: 'api-clients',
  title: 'Who asks the API server most',
  why: 'Which program, as whom, asks for what how often, and how often it was turned away (429); audit logs come 3 to 10 minutes late.',
  reads: ['requests'],
  parameters: [],
  timespan: 'PT30M',
  canFollow: false,
  text: ({ tables }) =>
    kql(
      auditRows(tables.requests ?? ''),
      tables.requests === 'AzureDiagnostics'
        ? '| extend Agent = tostring(Event.userAgent)'
        : '| extend Agent = tostring(column_ifexists("UserAgent", ""))',
      '| where Verb != "watch"',
      '| summarize Requests = count(), Refused = countif(Code == 429), Failed = countif(Code >= 500),',
      '    First = min(TimeGenerated), Last = max(TimeGenerated) by Account, Agent, Verb, Kind',
      '| extend PerSecond = round(Requests / max_of(1.0, (Last - First) / 1s), 1)',
      '| project Requests, PerSecond, Refused, Failed, Account, Agent, Verb, Kind, First, Last',
      '| top 50 by Requests',
    ),
};
