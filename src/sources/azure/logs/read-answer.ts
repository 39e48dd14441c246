import { messageOf, UserError } from '../../../errors.ts';
import { type Cell, mostColumns, type QueryEvent, type ResultColumn } from '../../../model/azure/log-query.ts';
import { at, list, record, text } from '../../../model/objects/raw.ts';
import { sanitiseLine, sanitiseText } from '../../../model/sanitise.ts';
import { AzureProblem } from '../azure-problem.ts';
import { createAnswerParts } from './answer-parts.ts';
import { cellsOf, columnsOf, valuesOf } from './cells.ts';
import { innermost } from './log-problem.ts';

/** All that is kept of one answer, characters of JSON; the service itself ends an answer at about as many bytes. */
const mostCharacters = 128 * 1_048_576;

export type AnswerReader = {
  /** What these bytes told. Throws an AzureProblem when they are no answer of Log Analytics. */
  push(chunk: Buffer): QueryEvent[];
  /** What could only be said at the end. Throws an AzureProblem when the answer was not whole. */
  end(): QueryEvent[];
  rows(): number;
  bytes(): number;
  statistics(): string;
};

/**
 * Reads the v1 answer while it comes: rows as soon as columns are known, at most `mostRows`, the rest counted. `onRow`
 * makes of each kept row's values what is told; undefined = nothing.
 */
export function createAnswerReader(
  mostRows: number,
  onRow: (values: readonly unknown[], columns: readonly ResultColumn[]) => readonly Cell[] | undefined = cellsOf,
): AnswerReader {
  let columns: readonly ResultColumn[] | undefined;
  let early: (readonly unknown[])[] = [];
  let rows: (readonly Cell[])[] = [];
  let events: QueryEvent[] = [];
  const counted = { kept: 0, dropped: 0, characters: 0, bytes: 0, tables: 0, broken: 0 };
  let statistics = '';

  const parts = createAnswerParts({
    onMember(name, json) {
      if (name === 'error') events.push(...partial(json));
      else if (name === 'render') events.push(...render(json));
      else if (name === 'statistics') statistics = sanitiseText(json, 16_384);
    },
    onTableMember(table, name, json) {
      counted.tables = table + 1;
      if (table > 0 || name !== 'columns') return;
      const found = columnsOf(json);
      columns = found.columns;
      events.push({ type: 'columns', columns });
      if (found.left > 0)
        events.push({
          type: 'remark',
          text: `${found.left.toLocaleString('en')} columns are left out: only the first ${mostColumns} are kept.`,
        });
      for (const values of early) take(values, columns);
      early = [];
    },
    wantsRow: (table) => table === 0 && counted.kept < mostRows && counted.characters < mostCharacters,
    onRow(table, json, hasLongNumber) {
      if (table > 0) return;
      if (json === '') {
        counted.dropped += 1;
        return;
      }
      counted.kept += 1;
      counted.characters += json.length;
      let values: readonly unknown[];
      try {
        values = valuesOf(json, hasLongNumber);
      } catch {
        counted.broken += 1;
        return;
      }
      if (columns) take(values, columns);
      else early.push(values);
    },
  });

  function take(values: readonly unknown[], known: readonly ResultColumn[]): void {
    try {
      const row = onRow(values, known);
      if (row) rows.push(row);
    } catch (error) {
      // What is nested thousands deep can be read, but not written again.
      if (!(error instanceof RangeError)) throw error;
      counted.broken += 1;
    }
  }

  function told(): QueryEvent[] {
    const batch = events;
    if (rows.length > 0) batch.push({ type: 'rows', rows });
    rows = [];
    events = [];
    return batch;
  }

  return {
    push(chunk) {
      counted.bytes += chunk.length;
      try {
        parts.push(chunk);
      } catch (error) {
        // What a listener thinks of a row is its own to say.
        throw error instanceof UserError ? error : notOurs(messageOf(error));
      }
      return told();
    },
    end() {
      if (counted.bytes > 0 && !parts.isComplete())
        throw new AzureProblem(
          'server',
          `The answer of Log Analytics broke off after ${rowsText(counted.kept)}.`,
          'Ask again, or for less.',
        );
      if (counted.tables > 1)
        events.push({ type: 'remark', text: `The answer has ${counted.tables} tables; the first is shown.` });
      if (counted.broken > 0) events.push({ type: 'remark', text: `${rowsText(counted.broken)} could not be read.` });
      if (counted.dropped > 0) {
        const why = counted.kept >= mostRows ? `only ${mostRows.toLocaleString('en')} are kept` : 'memory is bounded';
        events.push({ type: 'dropped', rows: counted.dropped, why });
      }
      return told();
    },
    rows: () => counted.kept - counted.broken,
    bytes: () => counted.bytes,
    statistics: () => statistics,
  };
}

function rowsText(count: number): string {
  return count === 1 ? 'one row' : `${count.toLocaleString('en')} rows`;
}

function notOurs(why: string): AzureProblem {
  return new AzureProblem(
    'server',
    `What came is no answer of Log Analytics: ${sanitiseLine(why, 200)}.`,
    'Something on the way (a proxy, a sign-in page) may have answered instead.',
  );
}

function partial(json: string): QueryEvent[] {
  const error = record(JSON.parse(json));
  if (Object.keys(error).length === 0) return [];
  const { said } = innermost(error);
  return [{ type: 'partial', code: text(error.code) || 'PartialError', message: said || text(error.message, 1_000) }];
}

function render(json: string): QueryEvent[] {
  const given = record(JSON.parse(json));
  const visualization = text(given.visualization);
  if (visualization === '' || visualization === 'table') return [];
  const names = (value: unknown) => list(value, 50).map((one) => text(one, 256));
  return [
    {
      type: 'render',
      visualization,
      title: text(given.title, 256),
      xColumn: text(given.xColumn, 256),
      yColumns: names(given.yColumns),
      series: names(at(given, 'series')),
    },
  ];
}
