import type { LogQuery } from '../../model/azure/log-query.ts';
import type { FoundLogs } from '../../sources/azure/logs/find-logs.ts';
import type { Terminal } from '../command.ts';
import type { AsciiOption } from '../policy/for-terminal.ts';
import type { progressOn } from '../progress.ts';

export type QueryOptions = AsciiOption & {
  list?: boolean;
  timespan?: string;
  param: readonly string[];
  follow?: boolean;
  json?: boolean;
  csv?: boolean;
  limit: string;
  timeout: string;
};

/** A question in the words of this workspace. `id` '' = one's own. */
export type AskedQuery = {
  id: string;
  query: Pick<LogQuery, 'text' | 'timespan' | 'searchTable'>;
  parameters: Readonly<Record<string, string>>;
  rowId: string;
  /** The table whose freshness tells how much no rows mean; '' = none is known, or asking costs. */
  table: string;
  remarks: readonly string[];
};

/** Everything one run of the command goes by. */
export type QueryRun = {
  asked: AskedQuery;
  wanted: { mostRows: number; limitS: number };
  options: QueryOptions;
  logs: FoundLogs;
  terminal: Terminal;
  progress: ReturnType<typeof progressOn>;
  /** A line on stderr. */
  say(words: string): void;
  signal: AbortSignal;
};
