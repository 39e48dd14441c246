import { kql } from './kql-text.ts';
import type { SavedQuery } from './saved-query.ts';

export const ingestionHealth: SavedQuery = {
  id: 'ingestion-health',
  title: 'Ingestion health',
  why: 'Whether logs still come in: how old the newest row of each table is, and how late rows come.',
  reads: ['heartbeat', 'pods', 'containers', 'flows', 'events', 'audit', 'control-plane'],
  parameters: [],
  timespan: 'P1D',
  canFollow: false,
  text: ({ tables }) =>
    kql(
      `union withsource=Table isfuzzy=true ${[...new Set(Object.values(tables))].join(', ')}`,
      '| extend Ingested = ingestion_time()',
      '| summarize Rows = count(), Newest = max(TimeGenerated), Ingested = max(Ingested),',
      '    LateBy = percentile((Ingested - TimeGenerated) / 1s, 95) by Table',
      '| extend AgeMinutes = round((now() - Newest) / 1m, 1), LateBySeconds = round(LateBy, 0)',
      '| project Table, Rows, Newest, Ingested, AgeMinutes, LateBySeconds',
      '| order by AgeMinutes desc',
    ),
};
