import { filterRows } from './list-filter.ts';

/** How rows are to be ordered: by numbers or by text, nothing (undefined) always last. */
export type Order<R> = Readonly<{ key: string; value(row: R): string | number | undefined; reverse: boolean }>;

/**
 * Many rows, filtered and ordered a few milliseconds at a time so that no key ever waits for them. What has been looked at
 * so far is shown meanwhile.
 */
export type Arrangement<R> = {
  /** Other rows, another filter or order. Rows may be appended in place; `anew` = they also changed otherwise. */
  give(rows: readonly R[], filter: string, order: Order<R> | undefined, anew: boolean): void;
  /** The rows as they are to be shown now. Without filter and order the very rows that were given. */
  rows(): readonly R[];
  /** What is going on, for the title: `filtering 34%`, `sorting`; '' = all is arranged. */
  busy(): string;
  close(): void;
};

/** As long as one turn may take, ms: a key that comes meanwhile is still answered at once. */
const turnMs = 4;
/** Between two such tests the clock is looked at. */
const chunk = 256;
/** Rows that keep coming are ordered anew with pauses of so many times what it cost. */
const pauseTimes = 8;

export function createArrangement<R>(text: (row: R) => string, told: () => void): Arrangement<R> {
  let rows: readonly R[] = [];
  let filter = '';
  let order: Order<R> | undefined;
  let kept: R[] = [];
  /** What is shown until what is being made is whole. */
  let shown: readonly R[] | undefined;
  let looked = 0;
  let sorted: readonly R[] | undefined;
  let sortedFrom = 0;
  let sorting: Generator<void, R[], void> | undefined;
  let sortCost = 0;
  let notBefore = 0;
  let timer: NodeJS.Immediate | NodeJS.Timeout | undefined;

  const matches = () => (filter === '' ? rows : kept);
  const isFiltered = () => filter === '' || looked >= rows.length;
  const isSorted = () => order === undefined || (sorted !== undefined && sortedFrom === matches().length);

  function schedule(): void {
    if (timer !== undefined || (isFiltered() && isSorted())) return;
    const pause = isFiltered() ? notBefore - performance.now() : 0;
    if (pause > 1) timer = setTimeout(turn, pause);
    else timer = setImmediate(turn);
  }

  function turn(): void {
    timer = undefined;
    const begun = performance.now();
    while (!isFiltered() && performance.now() - begun < turnMs) look();
    if (isFiltered() && shown !== undefined && order === undefined) shown = undefined;
    if (isFiltered() && !isSorted()) sortOn(begun);
    told();
    schedule();
  }

  function look(): void {
    const next = rows.slice(looked, looked + chunk);
    looked += next.length;
    for (const row of filterRows(next, filter, { text })) kept.push(row);
  }

  function sortOn(begun: number): void {
    if (order === undefined) return;
    const from = matches();
    if (sorting === undefined) {
      sorting = sortInTurns([...from], order);
      sortedFrom = from.length;
      sorted = undefined;
      sortCost = 0;
    }
    const started = performance.now();
    let step = sorting.next();
    while (!step.done && performance.now() - begun < turnMs) step = sorting.next();
    sortCost += performance.now() - started;
    if (!step.done) return;
    sorted = step.value;
    shown = step.value;
    sorting = undefined;
    notBefore = performance.now() + sortCost * pauseTimes;
  }

  function restart(): void {
    // The old rows stay in sight until there are new ones, but never those of another question.
    kept = [];
    looked = 0;
    sorted = undefined;
    sorting = undefined;
    notBefore = 0;
  }

  return {
    give(givenRows, givenFilter, givenOrder, anew) {
      const sameRows = givenRows === rows;
      const sameFilter = givenFilter === filter;
      const sameOrder = givenOrder?.key === order?.key && givenOrder?.reverse === order?.reverse;
      if (!sameRows || !sameFilter || anew) {
        shown = sameRows && sameFilter ? this.rows() : undefined;
        restart();
      } else if (!sameOrder) {
        shown = givenOrder === undefined ? undefined : this.rows();
        sorted = undefined;
        sorting = undefined;
        notBefore = 0;
      }
      rows = givenRows;
      filter = givenFilter;
      order = givenOrder;
      if (filter === '' && order === undefined) shown = undefined;
      schedule();
    },
    rows: () => shown ?? matches(),
    busy() {
      if (!isFiltered()) return `filtering ${Math.floor((looked / rows.length) * 100)}%`;
      return sorting === undefined ? '' : 'sorting';
    },
    close() {
      clearImmediate(timer as NodeJS.Immediate);
      clearTimeout(timer as NodeJS.Timeout);
      timer = undefined;
    },
  };
}

/** Merges from below, with a turn after every few hundred rows. Equal rows keep their order. */
function* sortInTurns<R>(rows: readonly R[], order: Order<R>): Generator<void, R[], void> {
  let from: Keyed<R>[] = [];
  for (const [index, row] of rows.entries()) {
    from.push({ row, value: order.value(row) });
    if (index % chunk === chunk - 1) yield;
  }
  // What the engine sorts at once takes well under a millisecond.
  for (let start = 0; start < from.length; start += chunk) {
    const part = from.slice(start, start + chunk).sort((a, b) => compare(a.value, b.value, order.reverse));
    for (const [index, one] of part.entries()) from[start + index] = one;
    yield;
  }
  for (let size = chunk; size < from.length; size *= 2) {
    const to: Keyed<R>[] = [];
    for (let start = 0; start < from.length; start += size * 2) {
      let left = start;
      let right = start + size;
      const middle = Math.min(right, from.length);
      const end = Math.min(right + size, from.length);
      while (left < middle || right < end) {
        const a = from[left];
        const b = from[right];
        const takesLeft =
          right >= end ||
          (left < middle && a !== undefined && b !== undefined && compare(a.value, b.value, order.reverse) <= 0);
        to.push((takesLeft ? from[left++] : from[right++]) as Keyed<R>);
        if (to.length % chunk === 0) yield;
      }
    }
    from = to;
  }
  return from.map(({ row }) => row);
}

type Keyed<R> = { row: R; value: string | number | undefined };

/** Numbers biggest first, text from a to z; nothing is last in either direction. */
function compare(a: string | number | undefined, b: string | number | undefined, reverse: boolean): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  const sign = reverse ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return sign * (b - a);
  const [left, right] = [String(a), String(b)];
  return left < right ? -sign : left > right ? sign : 0;
}
