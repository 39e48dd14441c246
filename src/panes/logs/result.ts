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
  /** What was said besides: columns that are left out, rows that are not found. */
  remarks: readonly string[];
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
  remarks: [],
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
const mostRemarks = 5;

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
        if (result.waiting?.kind !== undefined) result.waiting = undefined;
        takeRows(result, entries, event, isTail);
        break;
      case 'gap':
        result.newest += 1;
        result.gaps += 1;
        entries.push({ id: result.newest, cells: [], late: false, gap: event.text });
        break;
      case 'remark':
        // A tail says the same with every answer.
        if (!result.remarks.includes(event.text))
          result.remarks = [...result.remarks, event.text].slice(0, mostRemarks);
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
  const fresh = event.rows.map((cells): Entry => {
    result.newest += 1;
    return { id: result.newest, cells, late: false, gap: '' };
  });
  if (time < 0) for (const entry of fresh) entries.push(entry);
  else mergeByTime(result, entries, fresh, time);
  result.received += event.rows.length;
  result.duplicates += event.duplicates ?? 0;
}

/**
 * Each behind everything that is not newer; once through what stands above the oldest of them, however many they are.
 * Rows without a moment, and gaps, stay where they came and are no reason to stop.
 */
function mergeByTime(
  result: { -readonly [K in keyof Result]: Result[K] },
  entries: Entry[],
  fresh: readonly Entry[],
  time: number,
): void {
  const moments = new Map(fresh.map((entry) => [entry, momentOf(entry.cells[time])]));
  const own = (entry: Entry) => moments.get(entry) ?? '';
  const timed = fresh.filter((entry) => own(entry) !== '');
  timed.sort((a, b) => (own(a) < own(b) ? -1 : own(a) > own(b) ? 1 : 0));
  const places: number[] = [];
  let at = entries.length;
  let index = entries.length - 1;
  let isLate = false;
  for (const entry of timed.toReversed()) {
    for (; index >= 0; index -= 1) {
      const other = momentOf(entries[index]?.cells[time]);
      if (other === '') continue;
      // By the text: a Date would drop what tells rows of one burst apart.
      if (other <= own(entry)) break;
      // Late is what comes to stand above rows of an earlier answer: within one answer the order means nothing.
      for (; at > index; at -= 1) {
        const above = entries[at - 1];
        isLate ||= above !== undefined && above.id <= result.answered && above.gap === '';
      }
    }
    entry.late = isLate;
    if (isLate) result.late += 1;
    places.push(at);
  }
  places.reverse();
  const moved = entries.splice(at);
  if (moved.length > 0) result.reordered += 1;
  let next = 0;
  for (const [place, entry] of timed.entries()) {
    for (; at + next < (places[place] ?? 0); next += 1) entries.push(moved[next] as Entry);
    entries.push(entry);
  }
  for (const entry of moved.slice(next)) entries.push(entry);
  for (const entry of fresh) if (own(entry) === '') entries.push(entry);
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
