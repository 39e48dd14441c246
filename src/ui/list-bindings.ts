import type { Binding } from './keys/binding.ts';
import type { ListAction, ListState } from './list.ts';
import type { Screen } from './screen.ts';

/** What the keys of a list see, read when the key arrives. */
export type ListContext = Readonly<{
  state: Pick<ListState, 'index' | 'filter' | 'troubled' | 'sort'>;
  ids: Readonly<{ length: number }>;
  height: number;
  troubledAt(index: number): boolean;
  ask: Screen['ask'];
  act(action: ListAction): void;
}>;

type Sorts = readonly Readonly<{ letter: string; title: string }>[];
type ListKind = Readonly<{
  sorts?: Sorts | undefined;
  stream?: boolean | undefined;
  troubled?: unknown;
  without?: readonly string[] | undefined;
  seeksTrouble?: boolean | undefined;
}>;

/** The keys every list shares; a list without sorts, trouble or a stream has no keys for them. */
export function listBindings(kind: ListKind): readonly Binding<ListContext>[] {
  const without = kind.without ?? [];
  const bindings = [...moves, filter, unfilter, ...(kind.seeksTrouble === true ? seeks : searches), wide, mark];
  if (kind.troubled !== undefined) bindings.push(troubled);
  if (kind.stream === true) bindings.push(follow);
  if (kind.sorts !== undefined && kind.sorts.length > 0) bindings.push(sortBy(kind.sorts), reverse);
  return bindings
    .map((binding) => ({ ...binding, keys: binding.keys.filter((key) => !without.includes(key)) }))
    .filter((binding) => binding.keys.length > 0);
}

const half = (context: ListContext) => Math.max(1, Math.floor(context.height / 2));

const moves: readonly Binding<ListContext>[] = [
  move(['j', 'down'], 'down', () => 1),
  move(['k', 'up'], 'up', () => -1),
  move(['ctrl-d'], 'half a page down', half),
  move(['ctrl-u'], 'half a page up', (context) => -half(context)),
  move(['pgdn'], 'page down', (context) => context.height),
  move(['pgup'], 'page up', (context) => -context.height),
  { keys: ['g', 'home'], title: 'top', still: true, run: (context) => context.act({ type: 'to', index: 0 }) },
  {
    keys: ['G', 'end'],
    title: 'bottom',
    still: true,
    run: (context) => context.act({ type: 'to', index: context.ids.length - 1 }),
  },
];

function move(keys: readonly string[], title: string, by: (context: ListContext) => number): Binding<ListContext> {
  return { keys, title, still: true, run: (context) => context.act({ type: 'move', by: by(context) }) };
}

const filter: Binding<ListContext> = {
  keys: ['/'],
  title: 'filter',
  rank: 50,
  run: ({ ask, act, state }) =>
    ask({
      sign: '/',
      initial: state.filter,
      onChange: (text) => act({ type: 'filter', text }),
      onDone: (text) => act({ type: 'filter', text }),
      onCancel: (text) => act({ type: 'filter', text }),
    }),
};

/** Before `esc` leaves a view it takes back what narrows it. */
const unfilter: Binding<ListContext> = {
  keys: ['esc'],
  title: 'show all rows',
  rank: 49,
  applies: ({ state }) => state.filter !== '' || state.troubled,
  run: ({ state, act }) => {
    if (state.filter !== '') act({ type: 'filter', text: '' });
    if (state.troubled) act({ type: 'troubled' });
  },
};

/** While a filter is set every row left is a match; else what is troubled is what one looks for. */
const seeks: readonly Binding<ListContext>[] = [
  { keys: ['n'], title: 'next', rank: 40, still: true, run: (context) => seek(context, 1) },
  { keys: ['N'], title: 'previous', still: true, run: (context) => seek(context, -1) },
];

/** Where somebody else walks what is wrong, only matches are ours. */
const searches: readonly Binding<ListContext>[] = seeks.map((binding) => ({
  ...binding,
  title: `${binding.title} match`,
  applies: ({ state }) => state.filter !== '',
}));

function seek(context: ListContext, by: 1 | -1): void {
  const { state, ids, act } = context;
  let index = state.index + by;
  while (state.filter === '' && index >= 0 && index < ids.length && !context.troubledAt(index)) index += by;
  if (index >= 0 && index < ids.length) act({ type: 'to', index });
}

const wide: Binding<ListContext> = { keys: ['w', 'ctrl-w'], title: 'wide', run: ({ act }) => act({ type: 'wide' }) };
const mark: Binding<ListContext> = {
  keys: ['space'],
  title: 'mark',
  still: true,
  run: ({ act }) => act({ type: 'mark' }),
};
const troubled: Binding<ListContext> = {
  keys: ['z', 'ctrl-z'],
  title: 'troubled',
  rank: 45,
  run: ({ act }) => act({ type: 'troubled' }),
};
const follow: Binding<ListContext> = {
  keys: ['f'],
  title: 'follow',
  rank: 42,
  run: ({ act }) => act({ type: 'follow' }),
};
const reverse: Binding<ListContext> = {
  keys: ['S'],
  title: 'reverse the order',
  unless: ({ state }) => (state.sort === undefined ? 'sort first: s and a letter' : undefined),
  run: ({ act }) => act({ type: 'reverse' }),
};

function sortBy(sorts: Sorts): Binding<ListContext> {
  const choices = sorts.map(
    ({ letter, title }): Binding<ListContext> => ({
      keys: [letter],
      title,
      rank: 1,
      run: ({ act }) => act({ type: 'sort', column: letter }),
    }),
  );
  return { keys: ['s'], title: 'sort', run: () => {}, next: () => choices };
}
