import type { Row, Window } from '../rows.ts';

/** The rows one after the other, the window always at the one that is given: it needs all of them at once. */
export function* windowed(rows: Iterable<Row>, window: Window): Iterable<Row> {
  const all = [...rows];
  for (const [at, row] of all.entries()) {
    // Set with each row: the same window may be run through by more than one who asks.
    window.rows = all;
    window.at = at;
    yield row;
  }
}
