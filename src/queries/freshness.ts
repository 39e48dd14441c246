import { kql } from './kql-text.ts';

/**
 * How old a table's newest row is and how late its rows come: no rows of the last minutes are no evidence that nothing
 * happened. One row: `Newest`, `Ingested` (moments), `LateBy` (seconds, of 95 in a hundred rows). For plans that are
 * asked by /query: others pay for each question.
 */
export function freshnessText(table: string): string {
  return kql(
    table,
    '| extend Ingested = ingestion_time()',
    '| summarize Newest = max(TimeGenerated), Ingested = max(Ingested), LateBy = percentile((Ingested - TimeGenerated) / 1s, 95)',
  );
}
