import type { QueryEvent } from '../../../model/azure/log-query.ts';
import type { TailAnswer, TailRow } from './ask-tail.ts';
import { later, milliseconds } from './moment.ts';
import { createToldRows } from './told-rows.ts';

/** Rows whose lag is remembered. */
const lagRows = 1_000;

/** What of each answer is new, as events: rows in the order of their ingestion, columns when they change, lag. */
export function createTailTold(isSearch: boolean): {
  (answer: TailAnswer): QueryEvent[];
  forget(before: string): void;
} {
  const rows = createToldRows();
  const lags: number[] = [];
  let columns = '';
  let newestTold = '';
  let newestIngested = '';

  function tell(answer: TailAnswer): QueryEvent[] {
    const events: QueryEvent[] = answer.remarks.filter(({ type }) => type !== 'dropped');
    const names = JSON.stringify(answer.columns);
    if (names !== columns && answer.columns.length > 0) {
      columns = names;
      events.unshift({ type: 'columns', columns: answer.columns });
    }
    rows.begin();
    let duplicates = 0;
    const fresh = answer.rows.filter((row) => {
      // Without a moment of ingestion a row that comes again cannot be told from its copy.
      const seen = rows.see(row.key, isSearch ? row.generated : row.ingested);
      if (seen === 'duplicate' && !isSearch) duplicates += 1;
      return seen === 'new';
    });
    if (isSearch) fresh.sort((a, b) => (a.generated < b.generated ? -1 : 1));
    const late = fresh.filter(({ generated }) => generated !== '' && generated < newestTold).length;
    for (const row of fresh) note(row, answer.now);
    if (fresh.length > 0 || duplicates > 0)
      events.push({
        type: 'rows',
        rows: fresh.map(({ cells }) => cells),
        ...(late > 0 ? { late } : {}),
        ...(duplicates > 0 ? { duplicates } : {}),
      });
    if (fresh.length > 0 && lags.length > 0)
      events.push({ type: 'lag', p50: share(lags, 0.5), p95: share(lags, 0.95), newestIngested });
    return events;
  }

  function note({ generated, ingested }: TailRow, now: string): void {
    const found = ingested || now;
    // An event of tomorrow would make everything after it late.
    if (generated <= found) newestTold = later(newestTold, generated);
    newestIngested = later(newestIngested, found);
    if (generated === '' || found === '') return;
    lags.push(Math.max(0, milliseconds(found) - milliseconds(generated)));
    if (lags.length > lagRows) lags.shift();
  }

  return Object.assign(tell, { forget: rows.forget });
}

function share(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
