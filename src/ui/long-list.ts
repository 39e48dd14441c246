import type { ListAction } from './list.ts';

/** Where one is in a list of very many rows, oldest first. Rows have numbers that grow: no list of names is ever made. */
export type LongListState = Readonly<{
  /** The row under the cursor; -1 = none yet. */
  cursor: number;
  index: number;
  top: number;
  filter: string;
  wide: boolean;
  sort: Readonly<{ column: string; reverse: boolean }> | undefined;
  /** A stream that keeps its end in sight. */
  following: boolean;
  /** The newest row when a stream was stopped. */
  known: number;
  /** Somebody has moved the cursor: until then it keeps to the first line, whatever comes to stand there. */
  moved: boolean;
}>;

export type LongRow = Readonly<{ id: number }>;

export function createLongListState(options: { following?: boolean; filter?: string } = {}): LongListState {
  const { following = false, filter = '' } = options;
  return { cursor: -1, index: 0, top: 0, filter, wide: false, sort: undefined, following, known: -1, moved: false };
}

/** `newest` is the number of the last row that came, whether shown or not. */
export function reduceLongList(
  state: LongListState,
  action: ListAction,
  rows: readonly LongRow[],
  height: number,
  newest: number,
): LongListState {
  switch (action.type) {
    case 'move':
      return moveTo(state, state.index + action.by, rows, height, newest);
    case 'to':
      return moveTo(state, action.index, rows, height, newest);
    case 'filter':
      return { ...atTop(state), filter: action.text };
    case 'sort': {
      const reverse = state.sort?.column === action.column && !state.sort.reverse;
      return { ...atTop(state), following: false, known: newest, sort: { column: action.column, reverse } };
    }
    case 'reverse':
      return state.sort === undefined
        ? state
        : { ...atTop(state), sort: { ...state.sort, reverse: !state.sort.reverse } };
    case 'wide':
      return { ...state, wide: !state.wide };
    case 'follow':
      return settleLongList({ ...state, following: true, sort: undefined }, rows, height);
    case 'mark':
    case 'troubled':
      return state;
  }
}

/** The state after rows came, went or were ordered: the cursor stays on its row and on its line. */
export function settleLongList(state: LongListState, rows: readonly LongRow[], height: number): LongListState {
  if (rows.length === 0) return state;
  if (state.following) return place(state, rows, rows.length - 1, rows.length - height, height);
  if (!state.moved) return place(state, rows, 0, 0, height);
  const found = indexOf(rows, state.cursor, state.index);
  const index = found >= 0 ? found : Math.min(state.index, rows.length - 1);
  return place(state, rows, index, index - (state.index - state.top), height);
}

/** Rows that came since a stream was stopped. */
export function newSince(state: LongListState, newest: number): number {
  return state.following ? 0 : Math.max(0, newest - state.known);
}

function atTop(state: LongListState): LongListState {
  return state.following ? state : { ...state, cursor: -1, index: 0, top: 0, moved: false };
}

function moveTo(
  state: LongListState,
  wanted: number,
  rows: readonly LongRow[],
  height: number,
  newest: number,
): LongListState {
  if (rows.length === 0) return state;
  const index = Math.max(0, Math.min(rows.length - 1, wanted));
  // Moving up in a stream stops it, so that what one reads stays where it is.
  const stopped = state.following && index < rows.length - 1 ? { ...state, following: false, known: newest } : state;
  return place(stopped.moved ? stopped : { ...stopped, moved: true }, rows, index, state.top, height);
}

function place(
  state: LongListState,
  rows: readonly LongRow[],
  index: number,
  wantedTop: number,
  height: number,
): LongListState {
  const lowest = Math.max(0, rows.length - height);
  const top = Math.max(0, Math.min(lowest, Math.max(index - height + 1, Math.min(wantedTop, index))));
  const cursor = rows[index]?.id ?? -1;
  if (state.cursor === cursor && state.index === index && state.top === top) return state;
  return { ...state, cursor, index, top };
}

/** Nearly always it is where it was, or a few rows beside. */
function indexOf(rows: readonly LongRow[], id: number, guess: number): number {
  for (let away = 0; away < 64; away += 1) {
    if (rows[guess + away]?.id === id) return guess + away;
    if (rows[guess - away]?.id === id) return guess - away;
  }
  return rows.findIndex((row) => row.id === id);
}
