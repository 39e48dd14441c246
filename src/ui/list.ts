/** Where one is in a list and how it is narrowed. The rows themselves are not in it: they come and go. */
export type ListState = Readonly<{
  /** The row under the cursor, by id: the cursor follows the object. */
  cursor: string;
  /** Where that row was last seen: when it goes, the cursor takes the row that is there now. */
  index: number;
  /** The first row shown. */
  top: number;
  filter: string;
  troubled: boolean;
  wide: boolean;
  sort: Readonly<{ column: string; reverse: boolean }> | undefined;
  marks: ReadonlySet<string>;
  /** A stream that keeps its newest rows in sight. */
  following: boolean;
  /** Somebody has moved the cursor; from then on it is never moved for them. */
  moved: boolean;
  /** The rows there were when a stream was stopped; others came since. Undefined while it follows. */
  known: ReadonlySet<string> | undefined;
}>;

export type ListAction =
  | Readonly<{ type: 'move'; by: number }>
  | Readonly<{ type: 'to'; index: number }>
  | Readonly<{ type: 'filter'; text: string }>
  | Readonly<{ type: 'troubled' }>
  | Readonly<{ type: 'wide' }>
  | Readonly<{ type: 'sort'; column: string }>
  | Readonly<{ type: 'reverse' }>
  | Readonly<{ type: 'mark' }>
  | Readonly<{ type: 'follow' }>;

export function createListState(options: { filter?: string; following?: boolean } = {}): ListState {
  return {
    cursor: '',
    index: 0,
    top: 0,
    filter: options.filter ?? '',
    troubled: false,
    wide: false,
    sort: undefined,
    marks: new Set(),
    following: options.following ?? false,
    moved: false,
    known: undefined,
  };
}

/** `ids` are the rows as they are arranged now; `height` the rows that fit. */
export function reduceList(state: ListState, action: ListAction, ids: readonly string[], height: number): ListState {
  switch (action.type) {
    case 'move':
      return moveTo(state, state.index + action.by, ids, height);
    case 'to':
      return moveTo(state, action.index, ids, height);
    case 'filter':
      return atTop({ ...state, filter: action.text });
    case 'troubled':
      return atTop({ ...state, troubled: !state.troubled });
    case 'wide':
      return { ...state, wide: !state.wide };
    case 'sort':
      return atTop({ ...state, cursor: '', sort: sortedBy(state.sort, action.column) });
    case 'reverse':
      if (state.sort === undefined) return state;
      return atTop({ ...state, cursor: '', sort: { ...state.sort, reverse: !state.sort.reverse } });
    case 'mark':
      return state.cursor === ''
        ? state
        : moveTo({ ...state, marks: toggled(state.marks, state.cursor) }, state.index + 1, ids, height);
    case 'follow':
      return settle(
        { ...state, following: true, known: undefined, cursor: ids[0] ?? '', index: 0, top: 0 },
        ids,
        height,
      );
  }
}

/**
 * The state after the rows changed. The cursor stays on its object, and on its line of the screen unless the list is
 * at its beginning, where new rows must not come unseen. While rows are `arriving` for the first time, an order that is
 * not yet true is no reason to leave the first line. Returns the same object when nothing moved.
 */
export function settle(state: ListState, ids: readonly string[], height: number, arriving = false): ListState {
  if (ids.length === 0) return state;
  if (state.following || (arriving && !state.moved)) return place(state, ids[0] ?? '', 0, 0);
  const found = indexOf(ids, state.cursor, state.index);
  const index = found >= 0 ? found : Math.min(state.index, ids.length - 1);
  const line = state.index - state.top;
  const top = state.top === 0 ? 0 : index - line;
  return place(state, ids[index] ?? '', index, inSight(top, index, ids.length, height));
}

/** Another choice of rows is read from its beginning; a row that is still there keeps the cursor. */
function atTop(state: ListState): ListState {
  return { ...state, index: 0, top: 0 };
}

/** The same column once more turns the order round. */
function sortedBy(sort: ListState['sort'], column: string): NonNullable<ListState['sort']> {
  return { column, reverse: sort?.column === column && !sort.reverse };
}

function moveTo(state: ListState, wanted: number, ids: readonly string[], height: number): ListState {
  if (ids.length === 0) return state;
  const index = Math.max(0, Math.min(ids.length - 1, wanted));
  // Moving in a stream stops it, so that what one reads stays where it is.
  const still = state.following && index > 0 ? { ...state, following: false } : state;
  return place(
    still.moved ? still : { ...still, moved: true },
    ids[index] ?? '',
    index,
    inSight(state.top, index, ids.length, height),
  );
}

function inSight(top: number, index: number, count: number, height: number): number {
  const lowest = Math.max(0, count - height);
  return Math.max(0, Math.min(lowest, Math.max(index - height + 1, Math.min(top, index))));
}

function place(state: ListState, cursor: string, index: number, top: number): ListState {
  if (state.cursor === cursor && state.index === index && state.top === top) return state;
  return { ...state, cursor, index, top };
}

/** Most of the time the row is where it was. */
function indexOf(ids: readonly string[], id: string, guess: number): number {
  return ids[guess] === id ? guess : ids.indexOf(id);
}

function toggled(marks: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(marks);
  if (!next.delete(id)) next.add(id);
  return next;
}
