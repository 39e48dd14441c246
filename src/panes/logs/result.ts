import type { Cell, LogQuery, QueryEvent, ResultColumn, ResultRow } from '../../model/azure/log-query.ts';

/** A row of a result; a `gap` stands where rows may be missing and has no cells. */
export type Entry = { id: number; cells: ResultRow; late: boolean; gap: string };

/** What has come of a question. `entries` is appended to in place, which `version` tells; `reordered` when it changed otherwise. */
export type Result = Readonly<{
  columns: readonly ResultColumn[];
  entries: readonly Entry[];
  version: number;
  reordered: number;
  /** The number of the newest entry; −1 = none. */
  newest: number;
  /** The newest of what the last answer before this one told; −1 while the first one comes. */
  answered: number;
  /** Rows that came, kept or not. */
  received: number;
  /** Rows that are not kept, and why. */
  dropped: number;
  why: string;
  late: number;
  duplicates: number;
  gaps: number;
  partial: string;
  lag: Extract<QueryEvent, { type: 'lag' }> | undefined;
  waiting: Extract<QueryEvent, { type: 'waiting' }> | undefined;
  render: Extract<QueryEvent, { type: 'render' }> | undefined;
  end: Extract<QueryEvent, { type: 'end' }> | undefined;
}>;

export const noResult: Result = {
  columns: [],
  entries: [],
  version: 0,
  reordered: 0,
  newest: -1,
  answered: -1,
  received: 0,
  dropped: 0,
  why: '',
  late: 0,
  duplicates: 0,
  gaps: 0,
  partial: '',
  lag: undefined,
  waiting: undefined,
  render: undefined,
  end: undefined,
};

/** Rows kept of one answer; beyond, the service is asked for less. */
export const mostRows: LogQuery['mostRows'] = 100_000;
/** Of a stream: an hour of a loud one; its oldest rows make room. */
export const mostOfTail = 20_000;

/** Adds what came. The value given is used up: its entries belong to the result that is returned. */
export function foldResult(before: Result, events: readonly QueryEvent[], most = mostRows, isTail = false): Result {
  const entries = before.entries as Entry[];
  const result = { ...before, entries, version: before.version + 1 };
  for (const event of events) {
    switch (event.type) {
      case 'columns':
        // A tail asks again and again, and every answer begins with its columns.
        if (!sameColumns(result.columns, event.columns)) result.columns = event.columns;
        break;
      case 'rows':
        takeRows(result, entries, event, isTail);
        break;
      case 'gap':
        result.newest += 1;
        result.gaps += 1;
        entries.push({ id: result.newest, cells: [], late: false, gap: event.text });
        break;
      case 'partial':
        result.partial = event.message || event.code;
        break;
      case 'dropped':
        result.dropped += event.rows;
        result.why = event.why;
        break;
      case 'lag':
        result.lag = event;
        break;
      case 'waiting':
        result.waiting = event;
        result.answered = result.newest;
        break;
      case 'render':
        result.render = event;
        break;
      case 'end':
        result.end = event;
        break;
    }
  }
  const over = entries.length - most;
  if (over > 0) {
    const fallen = isTail ? entries.splice(0, over) : entries.splice(most);
    result.dropped += fallen.filter(({ gap }) => gap === '').length;
    result.why ||= isTail ? 'the oldest make room' : 'no more are kept';
    result.reordered += 1;
  }
  return result;
}

/** The rows of a stream stand in the order of what happened: a late one at its place, not at the end. */
function takeRows(
  result: { -readonly [K in keyof Result]: Result[K] },
  entries: Entry[],
  event: Extract<QueryEvent, { type: 'rows' }>,
  isTail: boolean,
): void {
  const time = isTail ? timeColumn(result.columns) : -1;
  // Late is what comes to stand above rows of an earlier answer: within one answer the order means nothing.
  const earlier = result.answered;
  let moved = 0;
  for (const cells of event.rows) {
    result.newest += 1;
    const entry: Entry = { id: result.newest, cells, late: false, gap: '' };
    const at = time < 0 ? entries.length : placeOf(entries, time, cells);
    if (at < entries.length) {
      entry.late = entries.slice(at).some(({ id, gap }) => id <= earlier && gap === '');
      if (entry.late) result.late += 1;
      moved += 1;
      entries.splice(at, 0, entry);
    } else entries.push(entry);
  }
  if (moved > 0) result.reordered += 1;
  result.received += event.rows.length;
  result.duplicates += event.duplicates ?? 0;
}

/** Behind everything that is not newer. Rows without a moment, and gaps, stay where they came and are no reason to stop. */
function placeOf(entries: readonly Entry[], time: number, cells: ResultRow): number {
  const own = momentOf(cells[time]);
  if (own === '') return entries.length;
  let at = entries.length;
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const other = momentOf(entries[index]?.cells[time]);
    if (other === '') continue;
    // By the text: a Date would drop what tells rows of one burst apart.
    if (other <= own) break;
    at = index;
  }
  return at;
}

/** As texts compare; '' for none, and for the end of time, beside which every row would be late. */
function momentOf(value: Cell | undefined): string {
  return typeof value === 'string' && !value.startsWith('9999') ? value.replace(/Z$/, '') : '';
}

/** The column that says when; −1 = there is none. */
export function timeColumn(columns: readonly ResultColumn[]): number {
  const named = columns.findIndex(({ name, type }) => name === 'TimeGenerated' && type === 'datetime');
  return named >= 0 ? named : columns.findIndex(({ type }) => type === 'datetime');
}

function sameColumns(a: readonly ResultColumn[], b: readonly ResultColumn[]): boolean {
  return (
    a.length === b.length && a.every(({ name, type }, index) => name === b[index]?.name && type === b[index]?.type)
  );
}
