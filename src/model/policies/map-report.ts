import type { KnownPolicies } from './known-policies.ts';
import { type Cell, mapNamespaces } from './map.ts';
import { cellLetters, type MapReport } from './policy-asks.ts';
import type { Turns } from './turns.ts';

/** Namespace by namespace; `only` = the rows and columns of one, '' = all. */
export function* mapReport({ engine }: Pick<KnownPolicies, 'engine'>, only: string, now: number): Turns<MapReport> {
  const cells = yield* mapNamespaces(engine.index, only);
  const names = new Set<string>();
  for (const [at, { from, to }] of cells.entries()) {
    names.add(from).add(to);
    if (at % A_TURN === 0) yield;
  }
  const namespaces = [...names].sort();
  const places = new Map(namespaces.map((name, index) => [name, index]));
  const rows = namespaces.map(() => new Array<string>(namespaces.length).fill(NOT_ASKED));
  for (const [at, cell] of cells.entries()) {
    put(rows, places, cell);
    if (at % A_TURN === 0) yield;
  }
  yield;
  const texts: string[] = [];
  for (const [at, row] of rows.entries()) {
    texts.push(row.join(''));
    if (at % ROWS_A_TURN === 0) yield;
  }
  return { namespaces, rows: texts, at: now };
}

/** Cells between two turns: about a millisecond's. */
const A_TURN = 5_000;
const ROWS_A_TURN = 32;

/** Where there are no two pods, or `only` leaves the cell out. */
const NOT_ASKED = '-';

function put(rows: string[][], places: ReadonlyMap<string, number>, { from, to, verdict }: Cell): void {
  const row = rows[places.get(from) ?? -1];
  const column = places.get(to);
  if (row && column !== undefined) row[column] = cellLetters[verdict];
}
