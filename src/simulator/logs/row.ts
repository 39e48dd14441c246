import type { TableName } from './columns.ts';

/** A row as whatever writes it hands it over; its place in time is all that is known of it until somebody reads it. */
export type Written = {
  table: TableName;
  /** What TimeGenerated says: milliseconds since 1970, whole. */
  at: number;
  /** Tells it from every other row of its table, and gives the 100 ns beyond the millisecond. */
  key: string;
  /** Rows of one batch are taken in together, at the very same moment. */
  batch: string;
  /** Who brings it: the agent of the cluster's nodes, or Azure's own diagnostics (domain §8.3). */
  by: 'agent' | 'resource';
  /** Its own columns, without TimeGenerated and what all tables have. */
  values(): Readonly<Record<string, unknown>>;
};

/**
 * What writes rows. Asked when somebody reads, for all that came to pass in (from, to], each stretch once; of the
 * past it may leave out what would be more than `budget` rows, the oldest first.
 */
export type Writer = (from: number, to: number, budget: number) => Iterable<Written>;

/** `2026-11-22T12:00:00.1234567Z`. `fraction` counts 100 ns beyond the millisecond, 0 to 9999. */
export function datetimeText(at: number, fraction = 0): string {
  return `${new Date(at).toISOString().slice(0, -1)}${String(fraction).padStart(4, '0')}Z`;
}
