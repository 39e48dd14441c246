import { useLayoutEffect, useMemo, useRef } from 'react';
import type { Binding } from './keys/binding.ts';
import { useBindings } from './keys/use-bindings.ts';
import {
  createMatrixState,
  filterMatrix,
  type MatrixAction,
  type MatrixRoom,
  type MatrixState,
  reduceMatrix,
  settleMatrix,
} from './matrix.ts';
import { type Screen, useScreen } from './screen.ts';
import { createStore, type Store, useStore } from './store.ts';
import { type FittedMatrix, fitMatrix } from './widgets/fit-matrix.ts';

export type MatrixOptions = Readonly<{
  rows: readonly string[];
  columns: readonly string[];
  /** Cells that `n` looks for. */
  troubled(row: string, column: string): boolean;
  /** `z` keeps the rows and columns that have such a cell, those with the most first; `word` says so in the title. */
  kept: Readonly<{ word: string; has(row: string, column: string): boolean }>;
  width: number;
  height: number;
  active: boolean;
  store: Store<MatrixState>;
}>;

export type MatrixView = Readonly<{
  fitted: FittedMatrix;
  /** The names on the screen, and where the cursor is among them. */
  rows: readonly string[];
  columns: readonly string[];
  heads: readonly string[];
  cursor: Readonly<{ row: number; column: number }>;
  /** How many names are left, and how many of them lie beyond each edge. */
  left: Readonly<{ rows: number; columns: number }>;
  beyond: Readonly<{ above: number; below: number; before: number; behind: number }>;
  /** `/shop · only with a cell denied or unknown`. */
  note: string;
  /** The names of the cell under the cursor, as drawn and at key time. */
  under: MatrixPlace | undefined;
  current(): MatrixPlace | undefined;
  /** Takes back what narrows it; true when something did. */
  clear(): boolean;
}>;

export type MatrixPlace = Readonly<{ row: string; column: string }>;

export function createMatrixStore(filter = ''): Store<MatrixState> {
  return createStore(createMatrixState(filter));
}

/** A matrix under the fingers: the keys, the cursor that stays on its names, filter and trouble. */
export function useMatrix(options: MatrixOptions): MatrixView {
  const { store, rows, columns, troubled, kept } = options;
  const state = useStore(store);
  const screen = useScreen();
  const left = useMemo(() => {
    const found = filterMatrix({ rows, columns }, state.filter);
    return state.troubled ? onlyKept(found, kept.has) : found;
  }, [rows, columns, state.filter, state.troubled, kept]);
  const fitted = useMemo(
    () => fitMatrix(left, { width: options.width, height: options.height }),
    [left, options.width, options.height],
  );
  const room: MatrixRoom = { ...left, height: fitted.rows, width: fitted.columns };
  const settled = settleMatrix(state, room);
  const latest = useRef({ room, troubled });
  useLayoutEffect(() => {
    latest.current = { room, troubled };
    store.update((before) => settleMatrix(before, room));
  });
  const context = (): MatrixContext => ({
    state: store.get(),
    ...latest.current,
    ask: screen.ask,
    act: (action) => store.update((before) => reduceMatrix(before, action, latest.current.room)),
  });
  useBindings(bindings, context, { title: 'Matrix', active: options.active });
  const { top } = settled.rows;
  const start = settled.columns.top;
  const shown = useMemo(
    () => ({
      rows: left.rows.slice(top, top + fitted.rows),
      columns: left.columns.slice(start, start + fitted.columns),
      heads: fitted.heads.slice(start, start + fitted.columns),
    }),
    [left, fitted, top, start],
  );
  return {
    fitted,
    ...shown,
    cursor: { row: settled.rows.index - top, column: settled.columns.index - start },
    left: { rows: left.rows.length, columns: left.columns.length },
    beyond: {
      above: top,
      below: Math.max(0, left.rows.length - top - fitted.rows),
      before: start,
      behind: Math.max(0, left.columns.length - start - fitted.columns),
    },
    note: [state.filter === '' ? '' : `/${state.filter}`, state.troubled ? kept.word : ''].filter(Boolean).join(' · '),
    under: underCursor(settled, room),
    current: () => underCursor(store.get(), latest.current.room),
    clear() {
      const { filter, troubled: narrowed } = store.get();
      store.update((before) => ({ ...before, filter: '', troubled: false }));
      return filter !== '' || narrowed;
    },
  };
}

type MatrixContext = Readonly<{
  state: MatrixState;
  room: MatrixRoom;
  troubled(row: string, column: string): boolean;
  ask: Screen['ask'];
  act(action: MatrixAction): void;
}>;

const half = (count: number) => Math.max(1, Math.floor(count / 2));

const bindings: readonly Binding<MatrixContext>[] = [
  move(['j', 'down'], 'down', () => ({ rows: 1 })),
  move(['k', 'up'], 'up', () => ({ rows: -1 })),
  move(['l', 'right'], 'right', () => ({ columns: 1 })),
  move(['h', 'left'], 'left', () => ({ columns: -1 })),
  move(['ctrl-d'], 'half a page down', ({ room }) => ({ rows: half(room.height) })),
  move(['ctrl-u'], 'half a page up', ({ room }) => ({ rows: -half(room.height) })),
  move(['pgdn'], 'page down', ({ room }) => ({ rows: room.height })),
  move(['pgup'], 'page up', ({ room }) => ({ rows: -room.height })),
  move(['>'], 'page right', ({ room }) => ({ columns: room.width })),
  move(['<'], 'page left', ({ room }) => ({ columns: -room.width })),
  { keys: ['g'], title: 'first row', still: true, run: ({ act }) => act({ type: 'to', row: 0 }) },
  { keys: ['G'], title: 'last row', still: true, run: ({ act, room }) => act({ type: 'to', row: room.rows.length }) },
  { keys: ['home'], title: 'first column', still: true, run: ({ act }) => act({ type: 'to', column: 0 }) },
  {
    keys: ['end'],
    title: 'last column',
    still: true,
    run: ({ act, room }) => act({ type: 'to', column: room.columns.length }),
  },
  {
    keys: ['/'],
    title: 'filter: a, a>b',
    rank: 50,
    run: ({ ask, act, state }) => {
      const set = (text: string) => act({ type: 'filter', text });
      ask({ sign: '/', initial: state.filter, onChange: set, onDone: set, onCancel: set });
    },
  },
  { keys: ['z', 'ctrl-z'], title: 'troubled', rank: 45, run: ({ act }) => act({ type: 'troubled' }) },
  { keys: ['n'], title: 'next', rank: 40, still: true, run: (context) => seek(context, 1) },
  { keys: ['N'], title: 'previous', still: true, run: (context) => seek(context, -1) },
];

function move(
  keys: readonly string[],
  title: string,
  by: (context: MatrixContext) => { rows?: number; columns?: number },
): Binding<MatrixContext> {
  return { keys, title, still: true, run: (context) => context.act({ type: 'move', ...by(context) }) };
}

/** Row by row, as one reads. */
function found({ state, room, troubled }: MatrixContext, by: 1 | -1): { row: number; column: number } | undefined {
  const { rows, columns } = room;
  const count = rows.length * columns.length;
  for (let at = state.rows.index * columns.length + state.columns.index + by; at >= 0 && at < count; at += by) {
    const place = { row: Math.floor(at / columns.length), column: at % columns.length };
    if (troubled(rows[place.row] ?? '', columns[place.column] ?? '')) return place;
  }
  return undefined;
}

function seek(context: MatrixContext, by: 1 | -1): void {
  const place = found(context, by);
  if (place !== undefined) context.act({ type: 'to', ...place });
}

function onlyKept(
  { rows, columns }: { rows: readonly string[]; columns: readonly string[] },
  has: (row: string, column: string) => boolean,
): { rows: readonly string[]; columns: readonly string[] } {
  const [ofRow, ofColumn] = [new Map<string, number>(), new Map<string, number>()];
  const count = (of: Map<string, number>, name: string) => of.set(name, (of.get(name) ?? 0) + 1);
  for (const row of rows)
    for (const column of columns)
      if (has(row, column)) {
        count(ofRow, row);
        count(ofColumn, column);
      }
  const most = (names: readonly string[], of: ReadonlyMap<string, number>) =>
    names.filter((name) => of.has(name)).toSorted((a, b) => (of.get(b) ?? 0) - (of.get(a) ?? 0));
  return { rows: most(rows, ofRow), columns: most(columns, ofColumn) };
}

function underCursor({ rows, columns }: MatrixState, room: MatrixRoom): MatrixPlace | undefined {
  const row = room.rows[rows.index];
  const column = room.columns[columns.index];
  return row === undefined || column === undefined ? undefined : { row, column };
}
