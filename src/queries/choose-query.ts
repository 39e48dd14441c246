import { UserError } from '../errors.ts';
import type { DiagnosticSetting, Workspace } from '../model/azure/azure-facts.ts';
import type { LogQuery } from '../model/azure/log-query.ts';
import { type LogTable, logKinds, logTable } from './log-tables.ts';
import type { LogKind, SavedQuery } from './saved-query.ts';

/** What a workspace says of itself, as far as it is known. */
export type LogGround = {
  workspace: Pick<Workspace, 'tables'>;
  /** Where audit and control plane go; absent = not known: whichever table there is. */
  diagnostics?: readonly DiagnosticSetting[];
};

export type ChosenQuery = Pick<LogQuery, 'text' | 'timespan' | 'searchTable'> & {
  /** For `LogTail`: what tells equal rows of this table apart. */
  rowId: string;
  /** What this answer will not show, in one sentence each. */
  remarks: readonly string[];
};
/** Why it cannot be asked here, and what would have to be done. */
export type MissingLogs = { missing: string; hint: string };

/**
 * The question as it must be put to this workspace. `timespan` '' = the question's own. Throws UserError for a parameter
 * that there is not, that is needed and was not given, or that no query can hold.
 */
export function chooseQuery(
  saved: SavedQuery,
  ground: LogGround,
  given: Readonly<Record<string, string>> = {},
  timespan = '',
): ChosenQuery | MissingLogs {
  const parameters = parametersOf(saved, given);
  const legacy = isLegacy(ground);
  const found = saved.reads.map((kind) => ({ kind, table: logTable(kind, ground.workspace, legacy) }));
  const absent = found.filter(({ table }) => table === undefined).map(({ kind }) => kind);
  const there = found.filter((one): one is { kind: LogKind; table: LogTable } => one.table !== undefined);
  const only = saved.reads.length === 1;
  // Several tables are read together, and /search reads one alone: those on its plan are left out.
  const read = only ? there : there.filter(({ table }) => !table.isSearched);
  const [first] = read;
  if (first === undefined) return missing(saved, there.length === 0);
  const text = saved.text({
    tables: Object.fromEntries(read.map(({ kind, table }) => [kind, table.name])),
    parameters,
  });
  return {
    text,
    timespan: timespan || saved.timespan,
    searchTable: first.table.isSearched ? first.table.name : '',
    rowId: rowIds[first.table.name] ?? '',
    remarks: [
      ...(ground.workspace.tables.length === 0
        ? [`The workspace's tables could not be read: ${first.table.name} on the Analytics plan is assumed.`]
        : []),
      ...absent.map((kind) => `${capital(logKinds[kind].name)} are not in this workspace.`),
      ...there
        .filter((one) => !read.includes(one))
        .map(({ table }) => `${table.name} is left out: on its plan it can only be asked alone.`),
    ],
  };
}

/** The column that tells equal rows apart, where a table has one and the saved questions keep it. */
const rowIds: Readonly<Record<string, string>> = {
  ContainerNetworkLogs: 'UUID',
  RetinaNetworkFlowLogs: 'UUID',
  AKSAudit: 'AuditId',
  AKSAuditAdmin: 'AuditId',
};

function parametersOf(saved: SavedQuery, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = saved.parameters.map(({ name }) => name);
  for (const name of Object.keys(given))
    if (!names.includes(name))
      throw new UserError(
        `${saved.id} has no parameter ${name.slice(0, 60)}.`,
        names.length === 0 ? 'It takes none.' : `It takes ${names.join(', ')}.`,
      );
  const needed = saved.parameters.filter(({ name, isNeeded }) => isNeeded && (given[name] ?? '') === '');
  if (needed.length > 0)
    throw new UserError(
      `${saved.id} needs ${needed.map(({ name }) => name).join(' and ')}.`,
      `Give ${needed.map(({ name, title }) => `${name}=<${title}>`).join(' and ')}.`,
    );
  return Object.fromEntries(saved.parameters.map(({ name, fallback }) => [name, given[name] ?? fallback]));
}

/** Every setting that sends Kubernetes' own logs to a workspace sends them to AzureDiagnostics. */
function isLegacy({ diagnostics }: LogGround): boolean {
  const sending = (diagnostics ?? []).filter(({ workspace, categories }) => workspace !== '' && categories.length > 0);
  return sending.length > 0 && sending.every(({ isDedicated }) => !isDedicated);
}

function missing({ reads }: SavedQuery, isAbsent: boolean): MissingLogs {
  const { name, enable } = logKinds[reads[0]];
  return isAbsent
    ? { missing: `The workspace has no table of ${name}.`, hint: enable }
    : {
        missing: 'All of its tables are on a plan that can only be asked one at a time.',
        hint: 'Ask each by its own.',
      };
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
