import { UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { chooseQuery } from '../../queries/choose-query.ts';
import { queries } from '../../queries/index.ts';
import { isSearched, logTable } from '../../queries/log-tables.ts';
import { timespanOf } from '../../queries/timespan.ts';
import { typedQuery } from '../../queries/typed-query.ts';
import type { FoundLogs } from '../../sources/azure/logs/find-logs.ts';
import { parseDuration } from '../duration.ts';
import type { AskedQuery, QueryOptions } from './query-options.ts';

/** What can be said of the options before anything is asked. Throws UserError on what cannot be meant. */
export function given(options: QueryOptions): { mostRows: number; limitS: number } {
  if ([options.json, options.csv, options.follow].filter(Boolean).length > 1)
    throw new UserError('--json, --csv and --follow cannot be printed together.', 'Give one of them.');
  const mostRows = Number(options.limit);
  if (!Number.isInteger(mostRows) || mostRows < 1 || mostRows > 500_000)
    throw new UserError(`--limit is "${sanitiseLine(options.limit, 40)}".`, 'Give a number of rows from 1 to 500000.');
  const limitS = Math.round(parseDuration(options.timeout, '--timeout') / 1_000);
  if (limitS < 1 || limitS > 600) throw new UserError('--timeout must be from 1s to 10m.', 'No query may take longer.');
  if (options.timespan !== undefined) parseTimespan(options.timespan);
  return { mostRows, limitS };
}

/** A saved query's ID or KQL, as it must be put to this workspace. Throws UserError where it cannot be. */
export function askedQuery(
  text: string,
  options: QueryOptions,
  logs: Pick<FoundLogs, 'workspace' | 'diagnostics'>,
): AskedQuery {
  const timespan = options.timespan === undefined ? (options.follow ? 'PT15M' : '') : parseTimespan(options.timespan);
  const parameters = Object.fromEntries(options.param.map(parsePair));
  const saved = queries.find(({ id }) => id === text.trim());
  if (saved === undefined) return ownQuery(text, timespan, options, logs);
  const { workspace, diagnostics } = logs;
  const chosen = chooseQuery(saved, { workspace, ...(diagnostics && { diagnostics }) }, parameters, timespan);
  if ('missing' in chosen) throw new UserError(chosen.missing, chosen.hint);
  if (options.follow && !saved.canFollow)
    throw new UserError(`${saved.id} summarises, and cannot be followed.`, `Follow ${followable()}.`);
  const table = logTable(saved.reads[0], workspace)?.name ?? '';
  const { rowId, remarks, ...query } = chosen;
  const isAskable = query.searchTable === '' && saved.reads.length === 1;
  return { id: saved.id, query, parameters, rowId, remarks, table: isAskable ? table : '' };
}

function ownQuery(
  text: string,
  timespan: string,
  { param }: QueryOptions,
  { workspace }: Pick<FoundLogs, 'workspace'>,
): AskedQuery {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(text.trim()))
    throw new UserError(`There is no saved query "${text.trim().slice(0, 80)}".`, 'See query --list.');
  if (param.length > 0) throw new UserError('--param is for saved queries.', 'Write the values into the KQL.');
  const { searchTable, rowId, remarks, ...query } = typedQuery(text, timespan || 'P1D', { workspace });
  // How fresh its table is can be asked where it begins with one that costs nothing to ask.
  const first = /^\s*(\w+)/.exec(text)?.[1] ?? '';
  const table =
    searchTable === '' && workspace.tables.some((one) => one.name === first && !isSearched(one)) ? first : '';
  return { id: '', parameters: {}, rowId, query: { ...query, searchTable }, table, remarks };
}

function parseTimespan(text: string): string {
  const timespan = timespanOf(text);
  if (timespan !== undefined) return timespan;
  throw new UserError(
    `--timespan is "${sanitiseLine(text, 60)}", which is no span of time.`,
    'Give one like 30m, 6h, 2d, or 2026-11-22T10:00Z/2026-11-22T11:00Z.',
  );
}

function parsePair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new UserError(`--param "${sanitiseLine(pair, 60)}" has no value.`, 'Write it as name=value.');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function followable(): string {
  return queries
    .filter(({ canFollow }) => canFollow)
    .map(({ id }) => id)
    .join(', ');
}
