import type { ResultColumn } from '../../model/azure/log-query.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import { isNumber } from './cell-text.ts';

/** A column of the result that is shown: where its cells are, and its letter after `s`; '' = too far behind for one. */
export type ShownColumn = Readonly<{ index: number; column: ResultColumn; letter: string }>;

/** What every table of a workspace has and hardly anybody wants to read; and what follows is only for telling rows apart. */
const seldomRead = new Set([
  'TenantId',
  'SourceSystem',
  'Type',
  'MG',
  'ManagementGroupName',
  '_ResourceId',
  '_SubscriptionId',
  '_IsBillable',
  '_BilledSize',
  '_ItemId',
  '_Internal_WorkspaceResourceId',
]);
/** Columns that say again what others say, in more words. */
const spelledOut = new Set([
  'SourceNamespace',
  'SourcePodName',
  'DestinationNamespace',
  'DestinationPodName',
  'Policies',
  'UUID',
  'AuditId',
]);

/** The columns to be shown: `hidden` by the person, `all` = none is left out by us. Never none where there are some. */
export function shownColumns(
  columns: readonly ResultColumn[],
  hidden: ReadonlySet<string>,
  all: boolean,
): readonly ShownColumn[] {
  const names = new Set(columns.map(({ name }) => name));
  const isAbridged = names.has('Source') && names.has('Destination');
  const wanted = columns.flatMap((column, index) => {
    if (hidden.has(column.name)) return [];
    const isLess = seldomRead.has(column.name) || (isAbridged && spelledOut.has(column.name));
    return isLess && !all ? [] : [{ index, column }];
  });
  const shown = wanted.length > 0 ? wanted : columns.map((column, index) => ({ index, column })).slice(0, 1);
  const letters = lettersFor(shown.map(({ column }) => column.name));
  return shown.map((one, place) => ({ ...one, letter: letters[place] ?? '' }));
}

/**
 * What a filter looks at: hidden columns as well, but for those that say the same in every row until they are wanted:
 * the digits of a tenant's GUID would match everything.
 */
export function searchedColumns(
  columns: readonly ResultColumn[],
  all: boolean,
): readonly Readonly<{ index: number; column: ResultColumn }>[] {
  return columns.flatMap((column, index) => (seldomRead.has(column.name) && !all ? [] : [{ index, column }]));
}

/** As many columns, from the first one in sight, as there is room for; the last takes what is left over. */
export function fittingColumns(
  shown: readonly ShownColumn[],
  first: number,
  natural: (one: ShownColumn) => number,
  room: number,
  wide: boolean,
): readonly Readonly<{ one: ShownColumn; column: Column }>[] {
  const fitting: { one: ShownColumn; column: Column }[] = [];
  let used = 0;
  for (const one of shown.slice(first)) {
    const wanted = Math.max(one.column.name.length, natural(one));
    const most = Math.min(wanted, wide ? widest * 3 : widest);
    const least = Math.min(most, Math.max(leastWidth, one.column.type === 'datetime' ? wanted : 0));
    if (fitting.length > 0 && used + 1 + least > room) break;
    const width = fitting.length === 0 ? Math.min(most, room) : Math.min(most, room - used - 1);
    used += width + (fitting.length > 0 ? 1 : 0);
    fitting.push({ one, column: columnOf(one, width, wanted) });
  }
  const last = fitting.at(-1);
  if (last !== undefined && !isNumber(last.one.column))
    last.column = { ...last.column, max: (last.column.max ?? 0) + Math.max(0, room - used) };
  return fitting;
}

/** Of a value in a table; its row has it whole. */
const widest = 36;
const leastWidth = 8;

function columnOf({ column, index }: ShownColumn, width: number, wanted: number): Column {
  return {
    id: `${index} ${column.name}`,
    title: column.name,
    min: width,
    max: width,
    align: isNumber(column) ? 'right' : 'left',
    // Sentences begin with what matters; names differ at their ends.
    cut: wanted > widest * 2 || column.type === 'dynamic' ? 'end' : 'middle',
  };
}

/** A letter of its own for each of the first columns: the first of its name's that is still free. */
function lettersFor(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.slice(0, 20).map((name) => {
    const wanted = [...name.toLowerCase().replace(/[^a-z]/g, ''), ...'abcdefghijklmnopqrstuvwxyz'];
    const letter = wanted.find((one) => !taken.has(one)) ?? '';
    taken.add(letter);
    return letter;
  });
}
