import { createListState, type ListState, reduceList, settle } from './list.ts';
import { filterRows } from './list-filter.ts';

/** Where one is in a matrix: in its rows and in its columns, each like in a list. */
export type MatrixState = Readonly<{ rows: ListState; columns: ListState; filter: string; troubled: boolean }>;

export type MatrixAction =
  | Readonly<{ type: 'move'; rows?: number; columns?: number }>
  | Readonly<{ type: 'to'; row?: number; column?: number }>
  | Readonly<{ type: 'filter'; text: string }>
  | Readonly<{ type: 'troubled' }>;

/** The names of rows and columns that are left, and how many of each fit. */
export type MatrixRoom = Readonly<{
  rows: readonly string[];
  columns: readonly string[];
  height: number;
  width: number;
}>;

export function createMatrixState(filter = ''): MatrixState {
  return { rows: createListState(), columns: createListState(), filter, troubled: false };
}

export function reduceMatrix(state: MatrixState, action: MatrixAction, room: MatrixRoom): MatrixState {
  switch (action.type) {
    case 'move':
      return place(state, room, state.rows.index + (action.rows ?? 0), state.columns.index + (action.columns ?? 0));
    case 'to':
      return place(state, room, action.row ?? state.rows.index, action.column ?? state.columns.index);
    case 'filter':
      return { ...state, filter: action.text };
    case 'troubled':
      return { ...state, troubled: !state.troubled };
  }
}

/** The state after rows or columns came and went: the cursor stays on its names. The same object when nothing moved. */
export function settleMatrix(state: MatrixState, room: MatrixRoom): MatrixState {
  const rows = settle(state.rows, room.rows, room.height);
  const columns = settle(state.columns, room.columns, room.width);
  return rows === state.rows && columns === state.columns ? state : { ...state, rows, columns };
}

/** `shop` narrows rows and columns alike, `shop>` the rows only, `>shop` the columns only, `a>b` each by its own. */
export function filterMatrix(
  names: Readonly<{ rows: readonly string[]; columns: readonly string[] }>,
  filter: string,
): { rows: readonly string[]; columns: readonly string[] } {
  const [first = '', ...rest] = filter.split('>');
  const [rows, columns] = rest.length === 0 ? [first, first] : [first, rest.join(' ')];
  const left = (all: readonly string[], text: string) => filterRows(all, text, { text: (name) => name });
  return { rows: left(names.rows, rows), columns: left(names.columns, columns) };
}

function place(state: MatrixState, room: MatrixRoom, row: number, column: number): MatrixState {
  return {
    ...state,
    rows: reduceList(state.rows, { type: 'to', index: row }, room.rows, room.height),
    columns: reduceList(state.columns, { type: 'to', index: column }, room.columns, room.width),
  };
}
