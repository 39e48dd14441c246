import type { KnownPolicies } from './known-policies.ts';
import { type Cell, mapNamespaces } from './map.ts';
import { cellLetters, type MapReport } from './policy-asks.ts';
import type { Turns } from './turns.ts';

/** Namespace by namespace; `only` = the rows and columns of one, '' = all. */
export function* mapReport({ engine }: Pick<KnownPolicies, 'engine'>, only: string, now: number): Turns<MapReport> {
  const cells = yield* mapNamespaces(engine.index, only);
  const namespaces = [...new Set(cells.flatMap(({ from, to }) => [from, to]))].sort();
  yield;
  const places = new Map(namespaces.map((name, index) => [name, index]));
  const rows = namespaces.map(() => new Array<string>(namespaces.length).fill(NOT_ASKED));
  for (const { from, to, verdict } of cells) put(rows, places, { from, to, verdict });
  return { namespaces, rows: rows.map((row) => row.join('')), at: now };
}

/** Where there are no two pods, or `only` leaves the cell out. */
const NOT_ASKED = '-';

function put(rows: string[][], places: ReadonlyMap<string, number>, { from, to, verdict }: Cell): void {
  const row = rows[places.get(from) ?? -1];
  const column = places.get(to);
  if (row && column !== undefined) row[column] = cellLetters[verdict];
}
