// One question to the workspace: what it may read, what comes of it, and how that is written, piece by piece.
import type { AzureAnswer } from '../azure/route.ts';
import type { Database, DatabaseTable } from '../kql/database.ts';
import type { LiveTroubles } from './log-troubles.ts';
import type { LogWorkspace } from './log-workspace.ts';
import { basicRefused, refusal, searchRefused } from './refusals.ts';
import type { Endpoint } from './request-limits.ts';
import type { TimeRange } from './timespan.ts';

export type Asked = {
  endpoint: Endpoint;
  text: string;
  timespan: TimeRange | undefined;
  statistics: boolean;
  render: boolean;
  waitSeconds: number;
};

export type Evaluated = {
  tables: readonly {
    name: string;
    columns: readonly { name: string; type: string }[];
    rows: Iterable<readonly unknown[]>;
  }[];
  render?: unknown;
};

/** Throws what carries a `fault` for a query that Log Analytics would refuse. */
export type Evaluate = (
  text: string,
  database: Database,
  options: { now: number; timespan: TimeRange | undefined },
) => Promise<Evaluated>;

/** The service's limits of one answer. */
const mostRows = 500_000;
const mostBytes = 64 * 1024 * 1024;
const pieceCharacters = 64 * 1024;

export async function answerQuery(
  workspace: LogWorkspace,
  { evaluate, now, troubles }: { evaluate: Evaluate; now(): number; troubles: LiveTroubles },
  asked: Asked,
): Promise<AzureAnswer> {
  const read = new Set<DatabaseTable>();
  const database = watched(workspace.database(asked.timespan), read);
  const started = performance.now();
  let evaluated: Evaluated;
  try {
    evaluated = await evaluate(asked.text, database, { now: now(), timespan: asked.timespan });
  } catch (problem) {
    const fault = (problem as { fault?: unknown }).fault;
    if (typeof fault !== 'object' || fault === null) throw problem;
    return { status: 400, headers: JSON_HEADERS, body: JSON.stringify({ error: fault }) };
  }
  const refused = refusalOf(asked, database, read);
  if (refused !== undefined) return refused;
  const seconds = (performance.now() - started) / 1000;
  if (seconds > asked.waitSeconds) return refusal(504, 'GatewayTimeout', 'Gateway timeout');
  const extra = {
    ...(asked.render && evaluated.render !== undefined ? { render: evaluated.render } : {}),
    ...(asked.statistics ? { statistics: statistics(seconds, read) } : {}),
  };
  return { status: 200, headers: JSON_HEADERS, body: pieces(evaluated, extra, troubles.strikes('partial')) };
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** Remembers which tables were read. */
function watched(database: Database, read: Set<DatabaseTable>): Database {
  return {
    tables: database.tables.map((table) => ({
      ...table,
      rows() {
        read.add(table);
        return table.rows();
      },
    })),
  };
}

/** By the names in the query: a table that is named is asked for, whether or not a row of it was needed. */
function refusalOf({ endpoint, text }: Asked, { tables }: Database, read: ReadonlySet<DatabaseTable>) {
  const words = new Set(bare(text).match(/\w+/g) ?? []);
  const named = tables.filter((table) => read.has(table) || words.has(table.name));
  const basic = named.filter(({ plan }) => plan !== 'Analytics');
  if (endpoint === 'query') return basic.length > 0 ? basicRefused() : undefined;
  const operator = /\b(join|union|find|search|externaldata)\b/.exec(bare(text))?.[1];
  if (operator !== undefined) return searchRefused(operator);
  return basic.length > 1 || named.length > 1 ? searchRefused(undefined) : undefined;
}

/** Without what is in quotes, and without comments. */
function bare(text: string): string {
  return text.replace(/@?"(?:[^"\\\n]|\\.)*"|@?'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*/g, ' ');
}

async function* pieces({ tables }: Evaluated, extra: object, halved: boolean): AsyncGenerator<string> {
  let bytes = 0;
  let why = '';
  let piece = '{"tables":[';
  for (const [index, table] of tables.entries()) {
    piece += `${index === 0 ? '' : ','}{"name":${JSON.stringify(table.name)},"columns":${JSON.stringify(table.columns)},"rows":[`;
    const rows = halved ? half(table.rows) : table.rows;
    if (halved && index === 0) why = HALVED;
    let count = 0;
    for (const row of rows) {
      if (count === mostRows) why = tooLarge(`${mostRows} records`);
      if (bytes > mostBytes) why = tooLarge(`${mostBytes} bytes`);
      if (why !== '' && why !== HALVED) break;
      const text = JSON.stringify(row);
      bytes += text.length + 1;
      piece += count === 0 ? text : `,${text}`;
      count++;
      if (piece.length < pieceCharacters) continue;
      yield piece;
      piece = '';
      // Whoever else is asked meanwhile is answered.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    piece += ']}';
  }
  const rest = { ...extra, ...(why === '' ? {} : { error: partialError(why) }) };
  yield `${piece}]${Object.keys(rest).length === 0 ? '' : `,${JSON.stringify(rest).slice(1, -1)}`}}`;
}

const HALVED = 'Query execution has exceeded the allowed limits (80DA0001): the query was stopped on one of its nodes.';

function tooLarge(limit: string): string {
  return `The results of this query exceed the set limit of ${limit}, so not all records were returned (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003). See https://aka.ms/kustoquerylimits for more information and possible solutions.`;
}

function half(rows: Iterable<readonly unknown[]>): readonly (readonly unknown[])[] {
  const all = [...rows];
  return all.slice(0, Math.ceil(all.length / 2));
}

function partialError(message: string): object {
  return {
    code: 'PartialError',
    message: 'There were some errors when processing your query.',
    details: [
      {
        code: 'EngineError',
        message: 'Something went wrong processing your query on the server.',
        innererror: { code: '-2133196797', message, severity: 2, severityName: 'Error' },
      },
    ],
  };
}

function statistics(seconds: number, read: ReadonlySet<DatabaseTable>): object {
  const rows = [...read].reduce((sum, table) => sum + table.rows().length, 0);
  const cpu = `00:00:${seconds.toFixed(7).padStart(10, '0')}`;
  return {
    query: {
      executionTime: seconds,
      resourceUsage: {
        cache: { memory: { hits: rows, misses: 0, total: rows }, disk: { hits: 0, misses: 0, total: 0 } },
        cpu: { user: cpu, kernel: '00:00:00', 'total cpu': cpu },
        memory: { peak_per_node: 33_554_432 },
      },
      inputDatasetStatistics: {
        extents: { total: read.size, scanned: read.size },
        rows: { total: rows, scanned: rows },
      },
      datasetStatistics: [],
    },
  };
}
