import type { QueryEvent, ResultColumn, ResultRow } from '../../model/azure/log-query.ts';
import { csvHeading, csvRow } from '../../model/azure/write-result.ts';
import { freshnessText } from '../../queries/freshness.ts';
import { forTerminal } from '../policy/for-terminal.ts';
import type { QueryRun } from './query-options.ts';
import { resultText } from './result-text.ts';
import { rowsText } from './rows-text.ts';
import { write } from './write.ts';

type Answer = {
  columns: readonly ResultColumn[];
  rows: ResultRow[];
  partial?: { code: string; message: string };
  dropped: number;
};
type Freshness = { newest: string; ingested: string; lateBySeconds: number | null };

/** The whole answer as a table, CSV or one JSON object; also of a part of it, which is said. */
export async function answerQuery(run: QueryRun): Promise<number> {
  const { options, terminal, say, progress } = run;
  const startedAt = new Date().toISOString();
  // What is always told is asked for meanwhile; otherwise only no rows make it matter.
  const meanwhile = options.json ? askFreshness(run) : undefined;
  meanwhile?.catch(() => {});
  const answer = await ask(run);
  const isNeeded = answer.rows.length === 0 && !options.csv;
  const freshness = meanwhile ? await meanwhile : isNeeded ? await askFreshness(run) : undefined;
  progress.clear();
  if (answer.partial) say(`Only a part came: ${answer.partial.message}`);
  if (answer.dropped > 0) say(`Left out, beyond --limit ${options.limit}: ${rowsText(answer.dropped)}.`);
  const { stdout, env } = terminal;
  if (options.json) await write(stdout, jsonPieces(run, startedAt, answer, freshness));
  else if (options.csv) await write(stdout, csvPieces(answer));
  else if (answer.rows.length === 0) say(nothingText(freshness));
  else {
    const width = stdout.isTTY ? stdout.columns || 80 : 0;
    const { text, left } = resultText(answer.columns, answer.rows, width, Date.now());
    if (left.length > 0) say(`Not shown: ${left.join(', ')}. --json has them.`);
    await write(stdout, [forTerminal(text, options, env)]);
  }
  return 0;
}

async function ask({ asked, wanted, logs, progress, say, signal }: QueryRun): Promise<Answer> {
  const answer: Answer = { columns: [], rows: [], dropped: 0 };
  progress.say('asking');
  for await (const events of logs.asks.query({ ...asked.query, ...wanted }, signal)) {
    for (const event of events) take(event, answer, say);
    progress.say(`asking: ${rowsText(answer.rows.length)}`);
  }
  signal.throwIfAborted();
  return answer;
}

function take(event: QueryEvent, answer: Answer, say: (words: string) => void): void {
  if (event.type === 'columns') answer.columns = event.columns;
  else if (event.type === 'rows') for (const row of event.rows) answer.rows.push(row);
  else if (event.type === 'partial') answer.partial = { code: event.code, message: event.message };
  else if (event.type === 'dropped') answer.dropped += event.rows;
  else if (event.type === 'remark') say(event.text);
  else if (event.type === 'waiting')
    say(`${event.why} Asking again in ${Math.max(1, Math.round((event.until - Date.now()) / 1_000))} s.`);
}

/** Undefined where no table is known, asking costs, or the workspace would not say: the answer does not depend on it. */
async function askFreshness({ asked, logs, signal }: QueryRun): Promise<Freshness | undefined> {
  if (asked.table === '') return undefined;
  const query = { text: freshnessText(asked.table), timespan: 'PT6H', searchTable: '', mostRows: 1, limitS: 30 };
  try {
    for await (const events of logs.asks.query(query, signal))
      for (const event of events) {
        const [newest, ingested, late] = event.type === 'rows' ? (event.rows[0] ?? []) : [];
        if (typeof newest === 'string' && typeof ingested === 'string')
          return { newest, ingested, lateBySeconds: typeof late === 'number' ? Math.round(late) : null };
      }
  } catch {
    signal.throwIfAborted();
  }
  return undefined;
}

function* jsonPieces(
  { asked, logs }: QueryRun,
  startedAt: string,
  { columns, rows, partial, dropped }: Answer,
  freshness: Freshness | undefined,
): Iterable<string> {
  const { customerId, name } = logs.workspace;
  const { text, timespan } = asked.query;
  const head = {
    ...{ version: 1, command: 'query', cluster: null, startedAt },
    workspace: { id: customerId, name },
    query: { ...(asked.id === '' ? {} : { id: asked.id, parameters: asked.parameters }), text, timespan },
    columns,
  };
  yield `${JSON.stringify(head).slice(0, -1)},"rows":[`;
  for (const [at, row] of rows.entries()) yield `${at === 0 ? '' : ','}${JSON.stringify(row)}`;
  const rest = {
    ...(partial ? { partial } : {}),
    ...(dropped > 0 ? { dropped } : {}),
    ...(freshness ? { ingestionLag: freshness } : {}),
  };
  const more = JSON.stringify(rest).slice(1);
  yield more === '}' ? ']}\n' : `],${more}\n`;
}

function* csvPieces({ columns, rows }: Answer): Iterable<string> {
  yield `${csvHeading(columns)}\r\n`;
  for (const row of rows) yield `${csvRow(row)}\r\n`;
}

function nothingText(freshness: Freshness | undefined): string {
  if (freshness === undefined) return 'No rows. Rows come minutes late: this is no evidence that nothing happened.';
  return `No rows. The table's newest row is of ${freshness.newest}; what happened since may still be on its way.`;
}
