// Where the simulator's Log Analytics meets its query language: tables of rows, as the service would hold them.

export type KqlType =
  | 'string'
  | 'int'
  | 'long'
  | 'real'
  | 'decimal'
  | 'bool'
  | 'datetime'
  | 'timespan'
  | 'guid'
  | 'dynamic';

/**
 * A cell by its column's type: text, number, boolean; a datetime as text with seven digits of the second
 * (`2026-11-22T12:00:00.1234567Z`), a timespan likewise (`00:05:00.0000000`), dynamic as any JSON value. null is null.
 */
export type TableCell = unknown;

export type TableRow = {
  values: Readonly<Record<string, TableCell>> /** What ingestion_time() says, as a datetime. */;
  ingested: string;
};

export type DatabaseTable = {
  name: string;
  plan: 'Analytics' | 'Basic' | 'Auxiliary';
  columns: readonly { name: string; type: KqlType }[];
  /** All that has been taken in by now, in order of ingestion. */
  rows(): readonly TableRow[];
};

export type Database = { tables: readonly DatabaseTable[] };
