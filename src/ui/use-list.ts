import { useLayoutEffect, useMemo, useRef } from 'react';
import { useBindings } from './keys/use-bindings.ts';
import { createListState, type ListState, reduceList, settle } from './list.ts';
import { listBindings } from './list-bindings.ts';
import { filterRows } from './list-filter.ts';
import { useScreen } from './screen.ts';
import { createStore, type Store, useStore } from './store.ts';
import { number } from './text.ts';

/** One letter after `s`: what to sort by. Numbers sort biggest first, text from a to z. */
export type Sort<R> = Readonly<{ letter: string; title: string; value(row: R): string | number }>;

export type ListOptions<R> = Readonly<{
  rows: readonly R[];
  id(row: R): string;
  /** What `/` looks at, usually everything the row shows. Called only while a filter is set. */
  text(row: R): string;
  labels?(row: R): Readonly<Record<string, string>>;
  /** Rows that `z` keeps and `n` looks for. */
  troubled?(row: R): boolean;
  sorts?: readonly Sort<R>[];
  /** Rows that fit, without headings. */
  height: number;
  active: boolean;
  /** Where the cursor and the filter are kept: `frame.keep('list', () => createListStore())`. */
  store: Store<ListState>;
  /** Rows are still coming for the first time: until they are there the cursor keeps to the first line, unless moved. */
  arriving?: boolean;
  /** A stream, newest row first: `f` follows it. */
  stream?: boolean;
  /** Keys of a list that this one does not have, because the pane uses them otherwise. */
  without?: readonly string[];
  /** Without a filter, `n` and `N` look for what is troubled in this list. Else they are not this list's keys then. */
  seeksTrouble?: boolean;
}>;

export type List<R> = Readonly<{
  /** All rows after filter and sort. */
  arranged: readonly R[];
  /** Those on the screen, and which of them is under the cursor. */
  visible: readonly R[];
  cursorLine: number;
  top: number;
  state: ListState;
  /** What the title says of it: `/word`, `troubled`, `by age`, `paused`, `3 marked`. */
  note: string;
  /** Rows given and rows left. */
  total: number;
  shown: number;
  /** At key time: the row under the cursor, and the marked rows or else that one. */
  current(): R | undefined;
  chosen(): readonly R[];
  /** Empties the filter; true when there was one. What `esc` does first. */
  clear(): boolean;
}>;

export function createListStore(options: { filter?: string; following?: boolean } = {}): Store<ListState> {
  return createStore(createListState(options));
}

export function useList<R>(options: ListOptions<R>): List<R> {
  const { rows, height, store } = options;
  const state = useStore(store);
  const screen = useScreen();
  const arranged = useArranged(options, state);
  const { id } = options;
  const ids = useMemo(() => arranged.map(id), [arranged, id]);
  const settled = settle(state, ids, height, options.arriving);
  const latest = useRef({ options, arranged, ids });
  useLayoutEffect(() => {
    latest.current = { options, arranged, ids };
    store.update((before) => remembering(settle(before, ids, height, options.arriving), options));
  });
  const list: List<R> = {
    arranged,
    visible: arranged.slice(settled.top, settled.top + height),
    cursorLine: arranged.length === 0 ? -1 : settled.index - settled.top,
    top: settled.top,
    state: settled,
    note: noteOf(settled, options, ids),
    total: rows.length,
    shown: arranged.length,
    current: () => {
      const now = latest.current;
      const { cursor, index } = store.get();
      const at = now.ids[index] === cursor ? index : now.ids.indexOf(cursor);
      return now.arranged[Math.max(0, at)];
    },
    chosen: () => {
      const { marks } = store.get();
      const now = latest.current;
      const marked = marks.size === 0 ? [] : now.options.rows.filter((row) => marks.has(now.options.id(row)));
      const row = list.current();
      return marked.length > 0 ? marked : row === undefined ? [] : [row];
    },
    clear: () => {
      if (store.get().filter === '' && !store.get().troubled) return false;
      store.update((before) => ({ ...before, filter: '', troubled: false }));
      return true;
    },
  };
  const bindings = listBindings(options);
  useBindings(
    bindings,
    () => ({
      state: store.get(),
      ids: latest.current.ids,
      height: latest.current.options.height,
      troubledAt: (index: number) => {
        const row = latest.current.arranged[index];
        return row !== undefined && latest.current.options.troubled?.(row) === true;
      },
      ask: screen.ask,
      act: (action: Parameters<typeof reduceList>[1]) =>
        store.update((before) => reduceList(before, action, latest.current.ids, latest.current.options.height)),
    }),
    { title: 'List', active: options.active },
  );
  return list;
}

function useArranged<R>(options: ListOptions<R>, state: ListState): readonly R[] {
  const { rows, text, labels, troubled, sorts } = options;
  const { filter, sort } = state;
  const narrowed = useMemo(() => {
    const sick = state.troubled && troubled !== undefined ? rows.filter(troubled) : rows;
    return filter === '' ? sick : filterRows(sick, filter, { text, ...(labels && { labels }) });
  }, [rows, filter, state.troubled, text, labels, troubled]);
  return useMemo(() => {
    const by = sorts?.find((one) => one.letter === sort?.column);
    return by === undefined ? narrowed : sortRows(narrowed, by, sort?.reverse === true);
  }, [narrowed, sorts, sort]);
}

function sortRows<R>(rows: readonly R[], by: Sort<R>, reverse: boolean): readonly R[] {
  const keyed = rows.map((row) => ({ row, value: by.value(row) }));
  const sign = reverse ? -1 : 1;
  keyed.sort((a, b) => sign * compare(a.value, b.value));
  return keyed.map((one) => one.row);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return b - a;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

function noteOf<R>(state: ListState, options: ListOptions<R>, ids: readonly string[]): string {
  const by = options.sorts?.find((one) => one.letter === state.sort?.column);
  const parts = [
    state.filter === '' ? '' : `/${state.filter}`,
    state.troubled ? 'troubled' : '',
    by === undefined ? '' : `by ${by.title}${state.sort?.reverse ? ' reversed' : ''}`,
    state.marks.size === 0 ? '' : `${state.marks.size} marked`,
    options.stream && !state.following ? pausedNote(state.known, ids) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function pausedNote(known: ReadonlySet<string> | undefined, ids: readonly string[]): string {
  const count = known === undefined ? 0 : ids.filter((id) => !known.has(id)).length;
  return count === 0 ? 'paused' : `paused, ${number(count)} new`;
}

/** A stream that was just stopped, with the rows it had then: all of them, whatever the filter shows. */
function remembering<R>(state: ListState, { stream, rows, id }: ListOptions<R>): ListState {
  if (!stream || state.following || state.known !== undefined) return state;
  return { ...state, known: new Set(rows.map(id)) };
}
