import { UserError } from '../errors.ts';
import type { Cell } from '../model/azure/log-query.ts';
import { chooseQuery } from '../queries/choose-query.ts';
import type { SavedQuery } from '../queries/saved-query.ts';
import type { LookAsks, RunState } from './runbook.ts';

export type LoggedRow = Readonly<Record<string, Cell>>;

/** Whether the workspace that is known has what this question reads. */
export function hasLogs({ snapshot }: Pick<RunState, 'snapshot'>, query: SavedQuery): boolean {
  const { workspace, armDiagnostics } = snapshot.facts;
  if (workspace?.value === undefined) return false;
  const diagnostics = armDiagnostics?.value;
  return !('missing' in chooseQuery(query, { workspace: workspace.value, ...(diagnostics ? { diagnostics } : {}) }));
}

/**
 * The answer's rows, by their columns' names. `remarks` say what it leaves out, '' = nothing. Rejects with a UserError
 * where no workspace is known, where it has no such logs, and where it does not answer. `timespan` '' = the query's own.
 */
export async function askLogs(
  { snapshot }: Pick<RunState, 'snapshot'>,
  asks: Pick<LookAsks, 'azure'>,
  query: SavedQuery,
  given: Readonly<Record<string, string>>,
  signal: AbortSignal,
  timespan = '',
): Promise<{ rows: readonly LoggedRow[]; remarks: string }> {
  const { workspace, armDiagnostics } = snapshot.facts;
  if (workspace?.value === undefined)
    throw new UserError(workspace?.link.problem ?? 'Azure was not asked: no Log Analytics workspace is known.');
  const diagnostics = armDiagnostics?.value;
  const ground = { workspace: workspace.value, ...(diagnostics ? { diagnostics } : {}) };
  const chosen = chooseQuery(query, ground, given, timespan);
  if ('missing' in chosen) throw new UserError(chosen.missing, chosen.hint);
  const { text, searchTable, remarks } = chosen;
  const rows: LoggedRow[] = [];
  const said = [...remarks];
  let columns: readonly string[] = [];
  const asked = { text, timespan: chosen.timespan, searchTable, mostRows: 2_000, limitS: 20 };
  for await (const events of asks.azure.query(asked, signal)) {
    for (const event of events) {
      if (event.type === 'columns') columns = event.columns.map(({ name }) => name);
      if (event.type === 'rows')
        rows.push(...event.rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null]))));
      if (event.type === 'partial') said.push(event.message);
      if (event.type === 'dropped') said.push(`${event.rows} rows more were left out.`);
    }
  }
  return { rows, remarks: said.join(' ') };
}
