import { messageOf } from '../../errors.ts';
import { csvHeading, csvRow, jsonRow } from '../../model/azure/write-result.ts';
import { timespanOf } from '../../queries/timespan.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import type { Screen } from '../../ui/screen.ts';
import { number } from '../../ui/text.ts';
import type { QueryDesk } from '../query-desk.ts';
import { timespans, timespanWords, whyNotFollowed } from './asked-of.ts';
import { flowVerdict, podOf } from './flow-verdict.ts';
import type { QueryView } from './query-view.ts';
import type { Entry } from './result.ts';
import type { ShownColumn } from './result-columns.ts';

/** What the keys of a result see, read when the key arrives. */
export type ResultContext = Readonly<{
  view: QueryView;
  frame: Frame;
  screen: Screen;
  desk: QueryDesk;
  shown: readonly ShownColumn[];
  current(): Entry | undefined;
  /** As filtered and ordered. */
  arranged(): readonly Entry[];
  /** Empties the filter; true when there was one. */
  clear(): boolean;
  /** Why nothing can be asked now. */
  unasked(): string | undefined;
  /** Whether there is such a pod now. */
  isPod(namespace: string, name: string): boolean;
  ask(): void;
  follow(): void;
  /** Rows go on coming, and what is in sight stays where it is. */
  pause(): void;
  isFollowing(): boolean;
  outside(): void;
  /** Whether a picture can be made of the rows, and is. */
  chart: 'none' | 'off' | 'on';
}>;

type ResultBinding = Binding<ResultContext>;

const noRow = ({ current }: ResultContext) => {
  const entry = current();
  if (entry === undefined) return 'there is no row under the cursor';
  return entry.gap === '' ? undefined : 'rows are missing here: there is none to open';
};
const noColumns = ({ shown }: ResultContext) => (shown.length === 0 ? 'there are no columns yet' : undefined);

export const resultKeys: readonly ResultBinding[] = [
  { keys: ['enter'], title: 'whole row', rank: 1, unless: noRow, run: ({ view }) => view.focus.update(() => 'row') },
  { keys: ['e'], title: 'edit', rank: 2, word: 'edit', run: ({ view }) => view.focus.update(() => 'editor') },
  { keys: ['E', 'ctrl-x'], title: 'own editor', run: ({ outside }) => outside() },
  {
    keys: ['ctrl-r'],
    title: 'ask again',
    rank: 4,
    unless: ({ unasked }) => unasked(),
    run: ({ ask }) => ask(),
  },
  {
    keys: ['f'],
    title: 'follow',
    rank: 3,
    word: 'follow',
    applies: ({ isFollowing }) => !isFollowing(),
    unless: ({ view, unasked }) => unasked() ?? whyNotFollowed(view.asked.get()),
    run: ({ follow }) => follow(),
  },
  {
    keys: ['f'],
    title: 'pause',
    rank: 3,
    applies: ({ isFollowing }) => isFollowing(),
    run: ({ pause }) => pause(),
  },
  {
    keys: ['ctrl-c'],
    title: 'cancel',
    rank: 1.5,
    applies: ({ view }) => view.run.state.get().phase === 'running',
    run: ({ view, frame }) => {
      view.run.cancel();
      frame.flash('cancelled; what had come is kept');
    },
  },
  {
    keys: ['v'],
    title: 'why',
    rank: 6,
    unless: (context) => noRow(context) ?? sentence(flowVerdict(columnsOf(context), context.current(), context.isPod)),
    run: (context) => {
      const to = flowVerdict(columnsOf(context), context.current(), context.isPod);
      if (typeof to !== 'string') context.frame.go(to);
    },
  },
  {
    keys: ['l'],
    title: 'log of its pod',
    unless: (context) =>
      noRow(context) ?? (podOf(columnsOf(context), context.current()) ? undefined : 'the row is of no pod'),
    run: (context) => {
      const to = podOf(columnsOf(context), context.current());
      if (to !== undefined) context.frame.go(to);
    },
  },
  { keys: ['t'], title: 'time', rank: 7, unless: ({ unasked }) => unasked(), run: nextTimespan },
  { keys: ['T'], title: 'time by hand', word: 'since', unless: ({ unasked }) => unasked(), run: askTimespan },
  {
    keys: ['p'],
    title: 'parameters',
    rank: 8,
    unless: ({ view }) =>
      (view.asked.get().saved?.parameters.length ?? 0) === 0 ? 'it takes no parameters' : undefined,
    run: (context) => askParameters(context, false),
  },
  {
    keys: ['b'],
    title: 'chart, table',
    rank: 9,
    unless: ({ chart }) => (chart === 'none' ? 'a picture takes a number and a time or a name in each row' : undefined),
    run: ({ view, chart }) => view.look.update((look) => ({ ...look, chart: chart === 'off' })),
  },
  { keys: ['right'], title: 'next column', still: true, unless: noColumns, run: (context) => moveColumn(context, 1) },
  {
    keys: ['left'],
    title: 'previous column',
    still: true,
    unless: noColumns,
    run: (context) => moveColumn(context, -1),
  },
  {
    keys: ['h'],
    title: 'hide the column',
    unless: (context) =>
      noColumns(context) ??
      (chosenColumn(context) === undefined ? 'choose one first with the arrows' : undefined) ??
      (context.shown.length < 2 ? 'it is the last one' : undefined),
    run(context) {
      const column = chosenColumn(context);
      if (column === undefined) return;
      const last = context.shown.length - 2;
      context.view.look.update((look) => ({
        ...look,
        hidden: new Set([...look.hidden, column.column.name]),
        column: Math.min(look.column, last),
      }));
    },
  },
  {
    keys: ['H'],
    title: 'all columns, the usual ones',
    run: ({ view }) => view.look.update((look) => ({ ...look, hidden: new Set(), all: !look.all, column: -1 })),
  },
  {
    keys: ['c'],
    title: 'copy the row',
    unless: noRow,
    run: (c) => c.frame.copy(jsonRow(columnsOf(c), (c.current() as Entry).cells)),
  },
  {
    keys: ['C'],
    title: 'copy the cell',
    unless: (context) =>
      noRow(context) ?? (chosenColumn(context) === undefined ? 'choose a column first with the arrows' : undefined),
    run: (context) => context.frame.copy(String(context.current()?.cells[chosenColumn(context)?.index ?? -1] ?? '')),
  },
  {
    keys: ['x'],
    title: 'export',
    rank: 10,
    word: 'export',
    unless: ({ arranged }) => (arranged().length === 0 ? 'there are no rows' : undefined),
    run: exportRows,
  },
  {
    keys: ['esc'],
    title: 'clear filter, back',
    run: ({ clear, frame, view }) => {
      if (clear()) return;
      if (view.look.get().column >= 0) view.look.update((look) => ({ ...look, column: -1 }));
      else frame.back();
    },
  },
];

/** Asks for one after the other, with what they are now; then the question is put. `onlyNeeded`: those without which it cannot be. */
export function askParameters(
  { view, screen, ask }: Pick<ResultContext, 'view' | 'screen' | 'ask'>,
  onlyNeeded: boolean,
): void {
  const { saved, parameters } = view.asked.get();
  const left = (saved?.parameters ?? []).filter(({ name, isNeeded }) => !onlyNeeded || (isNeeded && !parameters[name]));
  const next = (index: number) => {
    const parameter = left[index];
    if (parameter === undefined) return ask();
    const { name, title, fallback } = parameter;
    screen.ask({
      sign: `${title === name ? name : `${name} (${title})`}: `,
      initial: view.asked.get().parameters[name] ?? fallback,
      onDone(value) {
        // What was written by hand was for other parameters.
        view.asked.update((asked) => ({
          ...asked,
          text: undefined,
          parameters: { ...asked.parameters, [name]: value },
        }));
        next(index + 1);
      },
    });
  };
  next(0);
}

function columnsOf({ view }: ResultContext) {
  return view.run.state.get().result.columns;
}

function chosenColumn({ view, shown }: ResultContext): ShownColumn | undefined {
  return shown[view.look.get().column];
}

function sentence(found: unknown): string | undefined {
  return typeof found === 'string' ? found : undefined;
}

function moveColumn({ view, shown }: ResultContext, by: 1 | -1): void {
  view.look.update((look) => ({ ...look, column: Math.max(0, Math.min(shown.length - 1, look.column + by)) }));
}

function nextTimespan(context: ResultContext): void {
  const { view, frame, ask } = context;
  const { timespan, saved } = view.asked.get();
  const at = timespans.indexOf(timespan || saved?.timespan || 'PT1H');
  const next = timespans[(at + 1) % timespans.length] ?? 'PT1H';
  view.asked.update((asked) => ({ ...asked, timespan: next }));
  frame.flash(`the last ${timespanWords(next)}`);
  ask();
}

function askTimespan({ view, screen, frame, ask }: ResultContext): void {
  screen.ask({
    sign: 'since: ',
    initial: timespanWords(view.asked.get().timespan),
    onDone(text) {
      const timespan = text.trim() === '' ? '' : timespanOf(text);
      if (timespan === undefined)
        return frame.flash(`"${text}" is no length of time: 30m, 6h, 2d, P1D or start/end`, 'warning');
      view.asked.update((asked) => ({ ...asked, timespan }));
      ask();
    },
  });
}

/** The rows as they are filtered and ordered, with all columns, into a new file of the person's own. */
function exportRows(context: ResultContext): void {
  const { view, screen, frame, desk, arranged } = context;
  const columns = columnsOf(context);
  const rows = arranged().filter(({ gap }) => gap === '');
  const name = view.asked.get().saved?.id ?? 'query';
  screen.ask({
    sign: 'write to (.csv, .ndjson): ',
    initial: `${name}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.csv`,
    onDone(path) {
      if (path === '') return;
      const isCsv = /\.csv$/i.test(path);
      const line = isCsv
        ? ({ cells }: Entry) => `${csvRow(cells)}\r\n`
        : ({ cells }: Entry) => `${jsonRow(columns, cells)}\n`;
      desk.write(path, inPieces(isCsv ? `${csvHeading(columns)}\r\n` : '', rows, line)).then(
        (written) =>
          frame.flash(`${number(rows.length)} rows written to ${written.path}, readable by you alone`, 'strong'),
        (error: unknown) => frame.flash(messageOf(error), 'warning'),
      );
    },
  });
}

/** A few hundred rows each: made when they are written, so that no key waits for all. */
function* inPieces(
  heading: string,
  rows: readonly Entry[],
  line: (entry: Entry) => string,
): Generator<string, void, void> {
  if (heading !== '') yield heading;
  for (let start = 0; start < rows.length; start += 500)
    yield rows
      .slice(start, start + 500)
      .map(line)
      .join('');
}
