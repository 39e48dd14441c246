// Log Analytics, asked by a saved question: what it answers, or in one sentence why it cannot be asked.
import { UserError } from '../errors.ts';
import type { Cell, QueryEvent } from '../model/azure/log-query.ts';
import { chooseQuery } from '../queries/choose-query.ts';
import type { SavedQuery } from '../queries/saved-query.ts';
import type { LookAsks, RunState } from './runbook.ts';

export type LogAnswer = {
  /** By the columns' names. */
  rows: readonly Readonly<Record<string, Cell>>[];
  /** What this answer does not show, a sentence each. */
  remarks: readonly string[];
};

/**
 * Rejects with a UserError where nobody is signed in, there is no workspace, or it has no table for this. `timespan` '' =
 * the question's own.
 */
export async function askLogs(
  { snapshot }: Pick<RunState, 'snapshot'>,
  asks: Pick<LookAsks, 'azure'>,
  saved: SavedQuery,
  signal: AbortSignal,
  { given = {}, timespan = '' }: { given?: Readonly<Record<string, string>>; timespan?: string } = {},
): Promise<LogAnswer> {
  const { workspace, armDiagnostics } = snapshot.facts;
  const why = whyNoLogs(snapshot);
  if (why !== '' || workspace?.value === undefined) throw new UserError(why, '', 'unread');
  const diagnostics = armDiagnostics?.value;
  const ground = { workspace: workspace.value, ...(diagnostics === undefined ? {} : { diagnostics }) };
  const chosen = chooseQuery(saved, ground, given, timespan);
  if ('missing' in chosen) throw new UserError(chosen.missing, chosen.hint, 'missing');
  const { text, searchTable, remarks } = chosen;
  const asked = { text, searchTable, timespan: chosen.timespan, mostRows: 500, limitS: 30 };
  const answer = { columns: [] as readonly string[], rows: [] as Readonly<Record<string, Cell>>[], said: [...remarks] };
  for await (const events of asks.azure.query(asked, signal)) for (const event of events) take(event, answer);
  return { rows: answer.rows, remarks: answer.said };
}

/** '' = logs can be asked. */
export function whyNoLogs({ facts }: RunState['snapshot']): string {
  const login = facts.azureLogin?.value;
  if (login === undefined || login.state === 'off') return 'Azure was not asked';
  if (login.state === 'none') return 'not signed in to Azure';
  if (login.state !== 'signed-in') return login.problems[0] ?? 'signing in to Azure is under way';
  if (facts.workspace?.value !== undefined) return '';
  return facts.workspace?.link.problem ?? 'the workspace is not known yet';
}

function take(
  event: QueryEvent,
  answer: { columns: readonly string[]; rows: Readonly<Record<string, Cell>>[]; said: string[] },
): void {
  if (event.type === 'columns') answer.columns = event.columns.map(({ name }) => name);
  else if (event.type === 'rows')
    for (const row of event.rows)
      answer.rows.push(Object.fromEntries(answer.columns.map((name, index) => [name, row[index] ?? null])));
  else if (event.type === 'partial') answer.said.push(`Only a part came: ${event.message}`);
  else if (event.type === 'remark') answer.said.push(event.text);
  else if (event.type === 'dropped') answer.said.push(`${event.rows} rows more were left out.`);
}
