import { useEffect, useLayoutEffect, useReducer, useRef } from 'react';
import { type Arrangement, createArrangement, type Order } from './arrangement.ts';
import { useBindings } from './keys/use-bindings.ts';
import { listBindings } from './list-bindings.ts';
import { type LongListState, type LongRow, newSince, reduceLongList, settleLongList } from './long-list.ts';
import { useScreen } from './screen.ts';
import { type Store, useStore } from './store.ts';
import { number } from './text.ts';

/** One letter after `s`: what to order by. */
export type LongSort<R> = Readonly<{ letter: string; title: string; value(row: R): string | number | undefined }>;

export type LongListOptions<R extends LongRow> = Readonly<{
  /** Appended to in place, and told of by `version`; by `reordered` when they changed otherwise. */
  rows: readonly R[];
  version: number;
  reordered: number;
  /** The number of the last row that came. */
  newest: number;
  /** What `/` looks at. */
  text(row: R): string;
  sorts: readonly LongSort<R>[];
  /** Rows that fit, without headings. */
  height: number;
  active: boolean;
  store: Store<LongListState>;
  /** A stream, newest row last. */
  stream: boolean;
  /** Keys of a list that the pane uses otherwise. */
  without?: readonly string[];
}>;

export type LongList<R> = Readonly<{
  visible: readonly R[];
  cursorLine: number;
  state: LongListState;
  /** How it is narrowed: `/word · by Flows · sorting`. */
  note: string;
  shown: number;
  /** Rows that came since the stream was stopped; 0 while it follows. */
  unseen: number;
  /** At key time. */
  current(): R | undefined;
  arranged(): readonly R[];
  clear(): boolean;
}>;

/** A list of a hundred thousand rows and more: nothing that a key or a frame waits for grows with their number. */
export function useLongList<R extends LongRow>(options: LongListOptions<R>): LongList<R> {
  const { store, height, rows, version, reordered, newest } = options;
  const state = useStore(store);
  const screen = useScreen();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const latest = useRef(options);
  const seen = useRef(reordered);
  const arrangement = useRef<Arrangement<R>>(undefined);
  arrangement.current ??= createArrangement<R>((row) => latest.current.text(row), redraw);
  const arranged = arrangement.current;
  useLayoutEffect(() => {
    latest.current = options;
  });
  const sort = orderOf(options, state);
  const sortKey = sort && `${sort.key} ${sort.reverse}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change in place, which their version tells; the key stands for the order
  useLayoutEffect(() => {
    arranged.give(rows, state.filter, sort, reordered !== seen.current);
    seen.current = reordered;
    redraw();
  }, [rows, version, reordered, state.filter, sortKey]);
  useEffect(() => () => arranged.close(), [arranged]);
  const ordered = arranged.rows();
  const settled = settleLongList(state, ordered, height);
  useLayoutEffect(() => {
    store.update((before) => settleLongList(before, arranged.rows(), height));
  });
  const act = (action: Parameters<typeof reduceLongList>[1]) =>
    store.update((before) =>
      reduceLongList(before, action, arranged.rows(), latest.current.height, latest.current.newest),
    );
  useBindings(
    listBindings({ sorts: options.sorts, stream: options.stream, without: ['space', ...(options.without ?? [])] }),
    () => ({
      state: { ...store.get(), troubled: false },
      ids: arranged.rows(),
      height: latest.current.height,
      troubledAt: () => false,
      ask: screen.ask,
      act,
    }),
    { title: 'List', active: options.active },
  );
  return {
    visible: ordered.slice(settled.top, settled.top + height),
    cursorLine: ordered.length === 0 ? -1 : settled.index - settled.top,
    state: settled,
    note: noteOf(settled, options, arranged.busy()),
    shown: ordered.length,
    unseen: newSince(settled, newest),
    current: () => {
      const now = store.get();
      return arranged.rows()[now.index];
    },
    arranged: () => arranged.rows(),
    clear: () => {
      if (store.get().filter === '') return false;
      act({ type: 'filter', text: '' });
      return true;
    },
  };
}

function orderOf<R extends LongRow>(options: LongListOptions<R>, { sort }: LongListState): Order<R> | undefined {
  const by = options.sorts.find(({ letter }) => letter === sort?.column);
  return by && { key: `${by.letter} ${by.title}`, value: by.value, reverse: sort?.reverse === true };
}

function noteOf<R extends LongRow>(state: LongListState, { sorts, rows }: LongListOptions<R>, busy: string): string {
  const by = sorts.find(({ letter }) => letter === state.sort?.column);
  return [
    state.filter === '' ? '' : `/${state.filter}`,
    by === undefined ? '' : `by ${by.title}${state.sort?.reverse ? ' reversed' : ''}`,
    busy === '' ? '' : `${busy} of ${number(rows.length)}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
