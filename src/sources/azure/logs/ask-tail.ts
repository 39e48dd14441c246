import { hash } from 'node:crypto';
import { UserError } from '../../../errors.ts';
import type { Cell, QueryEvent, ResultColumn } from '../../../model/azure/log-query.ts';
import { cellsOf } from './cells.ts';
import { hidden } from './follow-text.ts';
import type { LogsClient, LogsQuestion } from './logs-client.ts';
import { moment, momentOf } from './moment.ts';
import { createAnswerReader } from './read-answer.ts';
import { readEvents } from './read-events.ts';

/** `key` stands for the row as the service holds it, our columns aside; moments to 100 ns, '' where there is none. */
export type TailRow = { cells: readonly Cell[]; key: string; generated: string; ingested: string };

export type TailAnswer = {
  rows: readonly TailRow[];
  columns: readonly ResultColumn[];
  /** The service's time when it answered; '' where it does not say. */
  now: string;
  /** bounded: only the first rows are kept; partial: the service gave what it could. */
  came: 'whole' | 'bounded' | 'partial';
  /** Whatever else it said. */
  remarks: readonly QueryEvent[];
};

/** One question of a tail and all of its answer. Rejects as the client does. */
export async function askTail(
  client: LogsClient,
  question: LogsQuestion,
  mostRows: number,
  signal: AbortSignal,
): Promise<TailAnswer> {
  const rows: TailRow[] = [];
  const remarks: QueryEvent[] = [];
  let shown: readonly ResultColumn[] = [];
  let places: Places | undefined;
  let now = '';
  const reader = createAnswerReader(mostRows, (values, columns) => {
    places ??= placesOf(columns, question.isSearch);
    now ||= moment(values[places.now]);
    rows.push(rowOf(values, columns, places));
    return undefined;
  });
  // An answer that stands still is given up, and its connection with it: the next question has one of its own.
  const stop = new AbortController();
  let answered = 0;
  try {
    const { body, date } = await client.ask(question, AbortSignal.any([signal, stop.signal]));
    answered = date;
    for await (const events of readEvents(body, reader))
      for (const event of events) {
        if (event.type === 'columns') shown = event.columns.filter(({ name }) => !ours.has(name));
        else remarks.push(event);
      }
  } finally {
    stop.abort();
  }
  const has = (wanted: QueryEvent['type']) => remarks.some(({ type }) => type === wanted);
  // The head's date has whole seconds and was written before the body: the earlier of what it may mean is taken.
  return {
    rows,
    columns: shown,
    now: now || (answered > 0 ? momentOf(answered) : ''),
    came: has('partial') ? 'partial' : has('dropped') ? 'bounded' : 'whole',
    remarks,
  };
}

const ours = new Set<string>(Object.values(hidden));

type Places = { ingested: number; generated: number; now: number; shown: readonly number[]; kept: readonly number[] };

function placesOf(columns: readonly ResultColumn[], isSearch: boolean): Places {
  const place = (name: string) => columns.findIndex((column) => column.name === name);
  const places = { ingested: place(hidden.ingested), generated: place(hidden.generated), now: place(hidden.now) };
  if (places.generated === -1 || (!isSearch && places.ingested === -1))
    throw new UserError('This cannot be followed: when a row was ingested is lost on its way.', 'Begin with a table.');
  const shown = columns.flatMap(({ name }, at) => (ours.has(name) ? [] : [at]));
  const kept = columns.flatMap(({ name }, at) => (name === hidden.ingested || name === hidden.now ? [] : [at]));
  return { ...places, shown, kept };
}

function rowOf(values: readonly unknown[], columns: readonly ResultColumn[], places: Places): TailRow {
  const { shown, kept } = places;
  const key = hash('sha1', JSON.stringify(kept.map((at) => values[at])), 'base64');
  const cells = cellsOf(
    shown.map((at) => values[at]),
    shown.map((at) => columns[at] as ResultColumn),
  );
  const row = { cells, key, generated: moment(values[places.generated]), ingested: moment(values[places.ingested]) };
  if (places.ingested !== -1 && row.ingested === '')
    throw new UserError('This cannot be followed: its rows do not say when they were ingested.', 'Begin with a table.');
  return row;
}
