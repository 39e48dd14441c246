/** What Log Analytics is asked, and what comes back: the shapes that the logs pane, `query` and runbooks share. */
export type ColumnType =
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

/** Characters of one cell that are kept; `…+N` says how many were cut. A line of ContainerLogV2 has at most as many bytes. */
export const mostCellCharacters = 65_536;
/** Columns that are kept; a `remark` says how many were left out. */
export const mostColumns = 500;

/** Name sanitised. A type we do not know is a string. */
export type ResultColumn = { name: string; type: ColumnType };

/**
 * As it came, text sanitised (and cut at `mostCellCharacters`), with its line breaks and tabs: null stays null, a
 * datetime keeps its own text (Date would drop 100 ns), dynamic is the JSON as text, a number beyond 2^53 its digits as
 * text.
 */
export type Cell = string | number | boolean | null;
export type ResultRow = readonly Cell[];

export type LogQuery = {
  text: string;
  /** ISO 8601: `PT1H` or `start/end`. The effective range is the intersection with the query's own. */
  timespan: string;
  /** The one table of a Basic or Auxiliary plan, which must be asked by /search; '' = /query. */
  searchTable: string;
  /** Rows kept at most; what is more is counted (`dropped`). */
  mostRows: number;
  /** Seconds the service may take: 1 to 600. */
  limitS: number;
};

export type LogTail = LogQuery & {
  /** Between two questions, ms; stretched by 429 and errors, never under 5 s. */
  everyMs: number;
  /** The column that tells equal rows apart where there is one (UUID, AuditId); '' = the whole row. */
  rowId: string;
};

export type QueryEvent =
  | { type: 'columns'; columns: readonly ResultColumn[] }
  /** In the order of the answer; of a tail in order of ingestion. `late`: their TimeGenerated is older than rows told before. */
  | { type: 'rows'; rows: readonly ResultRow[]; late?: number; duplicates?: number }
  /** The service's own words: only a part of the answer came. */
  | { type: 'partial'; code: string; message: string }
  /** Something else to know of the answer, in one sentence: columns left out, operators that following leaves out. */
  | { type: 'remark'; text: string }
  /** So many rows more than are kept. */
  | { type: 'dropped'; rows: number; why: string }
  /** Tail: between these moments rows may be missing, and why. */
  | { type: 'gap'; from: number; to: number; text: string }
  /** How long the newest thousand rows took from event (TimeGenerated) to being ingested, ms. */
  | { type: 'lag'; p50: number; p95: number; newestIngested: string }
  /** When the next question is put, and why not sooner; `kind` of the problem where the last one was not answered. */
  | { type: 'waiting'; until: number; why: string; kind?: string }
  /** `render timechart` and its like, as the service says it. */
  | {
      type: 'render';
      visualization: string;
      title: string;
      xColumn: string;
      yColumns: readonly string[];
      series: readonly string[];
    }
  | { type: 'end'; rows: number; ms: number; bytes: number; statistics?: string };
