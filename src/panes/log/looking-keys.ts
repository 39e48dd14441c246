import { patternOf } from '../../model/log-patterns/index.ts';
import { runbooks } from '../../runbooks/index.ts';
import type { Runbook } from '../../runbooks/runbook.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { type LongListState, reduceLongList } from '../../ui/long-list.ts';
import type { Frame } from '../../ui/pane.ts';
import type { Screen } from '../../ui/screen.ts';
import type { Store } from '../../ui/store.ts';
import { runbookView } from '../views.ts';
import { isKnown, type LogRow, type LogSource } from './log-book.ts';

/** How one looks at the lines. */
export type LogLooking = Readonly<{
  /** What `/` looks for; every line stays. */
  search: string;
  onlyKnown: boolean;
  /** The line under the cursor has half of the screen. */
  whole: boolean;
}>;

export type LookingContext = Readonly<{
  frame: Frame;
  looking: Store<LogLooking>;
  list: Store<LongListState>;
  ask: Screen['ask'];
  rows(): readonly LogRow[];
  row(): LogRow | undefined;
  /** Whose log that line is of. */
  source(): LogSource | undefined;
  height: number;
  newest: number;
}>;

/** What stands out in the log of a program. */
export const knownLines = 'known lines';

/** The keys of every view of logs, besides those of the list itself. */
export function lookingKeys(known: string): readonly Binding<LookingContext>[] {
  return [
    { keys: ['/'], title: 'search', rank: 20, run: search },
    { keys: ['n'], title: `next match, else of the ${known}`, rank: 21, run: (context) => seek(context, 1) },
    { keys: ['N'], title: `previous match, else of the ${known}`, run: (context) => seek(context, -1) },
    {
      keys: ['z', 'ctrl-z'],
      title: `${known} only`,
      word: 'known',
      rank: 10,
      run: ({ looking }) => looking.update((state) => ({ ...state, onlyKnown: !state.onlyKnown })),
    },
    { keys: ['&'], title: 'only lines with', rank: 25, run: narrow },
    {
      keys: ['enter'],
      title: 'whole line',
      rank: 12,
      unless: ({ list, row }) =>
        row() === undefined ? 'there is no line' : list.get().following ? 'k goes to a line first' : undefined,
      run: ({ looking }) => looking.update((state) => ({ ...state, whole: !state.whole })),
    },
    {
      keys: ['r'],
      title: 'runbook of this line',
      word: 'runbook',
      rank: 13,
      // Flows are no lines of a program.
      applies: () => known === knownLines,
      unless: (context) =>
        context.row() === undefined
          ? 'there is no line'
          : context.list.get().following
            ? 'k goes to a line first'
            : runbookOf(context) === undefined
              ? 'no runbook is about this line'
              : undefined,
      run(context) {
        const runbook = runbookOf(context);
        const node = context.source()?.node ?? '';
        if (runbook !== undefined)
          context.frame.go(runbookView(runbook, node === '' ? [] : [{ kind: 'Node', name: node }]));
      },
    },
    {
      keys: ['R'],
      title: 'rates of the patterns',
      word: 'rates',
      rank: 14,
      run: ({ frame }) => frame.go({ pane: 'log-patterns' }),
    },
    {
      keys: ['y'],
      title: 'copy this line',
      unless: ({ row }) => (row() === undefined ? 'there is no line' : undefined),
      run: ({ frame, row }) => frame.copy(row()?.text ?? ''),
    },
    {
      keys: ['c'],
      title: 'copy all that is shown',
      run: ({ frame, rows }) =>
        frame.copy(
          rows()
            .map(({ text }) => text)
            .join('\n'),
        ),
    },
    {
      keys: ['esc'],
      title: 'show all lines',
      applies: ({ looking, list }) => isNarrowed(looking.get()) || list.get().filter !== '',
      run({ looking, list }) {
        if (isNarrowed(looking.get())) looking.update(() => ({ search: '', onlyKnown: false, whole: false }));
        else list.update((state) => ({ ...state, filter: '' }));
      },
    },
  ];
}

function runbookOf({ row }: LookingContext): Runbook | undefined {
  const id = patternOf(row()?.known ?? '')?.runbook;
  return id === undefined ? undefined : runbooks.find((one) => one.id === id);
}

function isNarrowed({ search, onlyKnown, whole }: LogLooking): boolean {
  return search !== '' || onlyKnown || whole;
}

function search(context: LookingContext): void {
  const { looking, ask } = context;
  const set = (text: string) => looking.update((state) => ({ ...state, search: text }));
  ask({
    sign: '/',
    initial: looking.get().search,
    onChange: set,
    onDone(text) {
      set(text);
      // One looks back from the newest line, and on from any other.
      if (text !== '') seek(context, context.list.get().following ? -1 : 1);
    },
    onCancel: set,
  });
}

function narrow({ ask, list }: LookingContext): void {
  const set = (text: string) => list.update((state) => ({ ...state, filter: text }));
  ask({ sign: '&', initial: list.get().filter, onChange: set, onDone: set, onCancel: set });
}

function seek({ looking, list, rows, height, newest, frame }: LookingContext, by: 1 | -1): void {
  const word = looking.get().search.toLowerCase();
  const isMatch = (row: LogRow) => (word === '' ? isKnown(row) : row.text.toLowerCase().includes(word));
  const all = rows();
  let index = list.get().index + by;
  while (index >= 0 && index < all.length && !isMatch(all[index] as LogRow)) index += by;
  if (index < 0 || index >= all.length) {
    const what = word === '' ? 'known line' : `line with "${word}"`;
    frame.flash(`no ${by > 0 ? 'later' : 'earlier'} ${what}`);
    return;
  }
  list.update((state) => reduceLongList(state, { type: 'to', index }, all, height, newest));
}
