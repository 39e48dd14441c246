import { Box } from 'ink';
import { useLayoutEffect, useMemo, useRef } from 'react';
import type { Binding } from '../keys/binding.ts';
import { useBindings } from '../keys/use-bindings.ts';
import { type Screen, useScreen } from '../screen.ts';
import { createStore, type Store, useStore } from '../store.ts';
import { wrap } from '../text.ts';
import type { Span } from '../theme.ts';
import { Line } from './Line.tsx';

/** Where one is in a text. `top` counts the lines as drawn. */
export type TextState = Readonly<{ top: number; search: string; wrapped: boolean; following: boolean }>;

export type TextViewProps = Readonly<{
  /** Lines, already inert; a span's tone colours the whole line. */
  lines: readonly (string | Span)[];
  width: number;
  height: number;
  active: boolean;
  /** Kept with the view: `frame.keep('text', () => createTextStore())`. */
  store: Store<TextState>;
  /** A log: keeps its end in sight until one scrolls up; `f` follows again. */
  log?: boolean;
  /** Keys the pane uses otherwise. */
  without?: readonly string[];
}>;

export function createTextStore(options: { following?: boolean; wrapped?: boolean } = {}): Store<TextState> {
  return createStore({ top: 0, search: '', wrapped: options.wrapped ?? false, following: options.following ?? false });
}

/** A text to read: scroll, search, wrap. */
export function TextView(props: TextViewProps) {
  const { width, height, store } = props;
  const state = useStore(store);
  const screen = useScreen();
  const drawn = useMemo(() => layOut(props.lines, width, state.wrapped), [props.lines, width, state.wrapped]);
  const lowest = Math.max(0, drawn.length - height);
  const top = state.following ? lowest : Math.min(state.top, lowest);
  const latest = useRef({ drawn, height });
  useLayoutEffect(() => {
    latest.current = { drawn, height };
  });
  const without = props.without ?? [];
  const bindings = textBindings(props.log === true)
    .map((one) => ({ ...one, keys: one.keys.filter((key) => !without.includes(key)) }))
    .filter((one) => one.keys.length > 0);
  useBindings(bindings, () => ({ store, ask: screen.ask, ...latest.current }), { title: 'Text', active: props.active });
  return (
    <Box flexDirection="column" height={height} width={width}>
      {drawn.slice(top, top + height).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the screen is what is drawn anew
        <Line key={index} spans={marked(line, state.search)} width={width} />
      ))}
    </Box>
  );
}

type TextContext = { store: Store<TextState>; ask: Screen['ask']; drawn: readonly Span[]; height: number };

function textBindings(log: boolean): readonly Binding<TextContext>[] {
  const half = ({ height }: TextContext) => Math.max(1, Math.floor(height / 2));
  const all: Binding<TextContext>[] = [
    { keys: ['j', 'down'], title: 'down', still: true, run: (c) => scroll(c, 1) },
    { keys: ['k', 'up'], title: 'up', still: true, run: (c) => scroll(c, -1) },
    { keys: ['ctrl-d'], title: 'half a page down', still: true, run: (c) => scroll(c, half(c)) },
    { keys: ['ctrl-u'], title: 'half a page up', still: true, run: (c) => scroll(c, -half(c)) },
    { keys: ['pgdn'], title: 'page down', still: true, run: (c) => scroll(c, c.height) },
    { keys: ['pgup'], title: 'page up', still: true, run: (c) => scroll(c, -c.height) },
    { keys: ['g', 'home'], title: 'top', still: true, run: (c) => scroll(c, Number.NEGATIVE_INFINITY) },
    { keys: ['G', 'end'], title: 'bottom', still: true, run: (c) => scroll(c, Number.POSITIVE_INFINITY) },
    {
      keys: ['w', 'ctrl-w'],
      title: 'wrap',
      rank: 60,
      run: ({ store }) => store.update((s) => ({ ...s, wrapped: !s.wrapped })),
    },
    { keys: ['n'], title: 'next match', rank: 40, unless: unsearched, run: (c) => seek(c, 1) },
    { keys: ['N'], title: 'previous match', unless: unsearched, run: (c) => seek(c, -1) },
    {
      keys: ['esc'],
      title: 'end the search',
      applies: (c) => unsearched(c) === undefined,
      run: ({ store }) => store.update((s) => ({ ...s, search: '' })),
    },
    { keys: ['/'], title: 'search', rank: 50, run: search },
  ];
  if (log)
    all.push({
      keys: ['f'],
      title: 'follow',
      rank: 42,
      run: ({ store }) => store.update((s) => ({ ...s, following: true })),
    });
  return all;
}

function search(context: TextContext): void {
  const set = (text: string) => context.store.update((state) => ({ ...state, search: text }));
  context.ask({
    sign: '/',
    initial: context.store.get().search,
    onChange: set,
    onDone: (text) => {
      set(text);
      seek(context, 1, 0);
    },
    onCancel: set,
  });
}

function unsearched({ store }: TextContext): string | undefined {
  return store.get().search === '' ? 'search first with /' : undefined;
}

function scroll({ store, drawn, height }: TextContext, by: number): void {
  const lowest = Math.max(0, drawn.length - height);
  store.update((state) => {
    const from = state.following ? lowest : Math.min(state.top, lowest);
    const top = Math.max(0, Math.min(lowest, from + by));
    return { ...state, top, following: state.following && top === lowest };
  });
}

function seek(context: TextContext, by: 1 | -1, first: number = by): void {
  const { store, drawn } = context;
  const { search: wanted, top } = store.get();
  const word = wanted.toLowerCase();
  let index = top + first;
  while (index >= 0 && index < drawn.length && !drawn[index]?.text.toLowerCase().includes(word)) index += by;
  if (word !== '' && index >= 0 && index < drawn.length) scroll(context, index - top);
}

function layOut(lines: readonly (string | Span)[], width: number, wrapped: boolean): readonly Span[] {
  return lines.flatMap((line) => {
    const span = typeof line === 'string' ? { text: line } : line;
    return wrapped ? wrap(span.text, width).map((text) => ({ ...span, text })) : [span];
  });
}

/** The line with what was searched for in reverse video. */
function marked(line: Span, search: string): readonly Span[] {
  const at = search === '' ? -1 : line.text.toLowerCase().indexOf(search.toLowerCase());
  if (at < 0) return [line];
  const end = at + search.length;
  return [
    { ...line, text: line.text.slice(0, at) },
    { ...line, text: line.text.slice(at, end), inverse: true },
    ...marked({ ...line, text: line.text.slice(end) }, search),
  ];
}
