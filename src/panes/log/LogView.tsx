import { Box } from 'ink';
import { useMemo } from 'react';
import type { Binding } from '../../ui/keys/binding.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import { createLongListState } from '../../ui/long-list.ts';
import type { Frame } from '../../ui/pane.ts';
import { useScreen } from '../../ui/screen.ts';
import { createStore, useStore } from '../../ui/store.ts';
import { type Span, useTheme } from '../../ui/theme.ts';
import { useLongList } from '../../ui/use-long-list.ts';
import { EmptyState } from '../../ui/widgets/EmptyState.tsx';
import { Line } from '../../ui/widgets/Line.tsx';
import { TitleRule } from '../../ui/widgets/TitleRule.tsx';
import { emptiness } from '../emptiness.ts';
import { type PaneState, stateSpan } from '../pane-state.ts';
import type { Spans } from '../spans.ts';
import type { LogBook, LogRow } from './log-book.ts';
import { isNothing, logState, whyNoLine } from './log-state.ts';
import { knownLines, type LogLooking, type LookingContext, lookingKeys } from './looking-keys.ts';
import { rowDetail, seenLine } from './row-detail.ts';
import { nameOf, rowSpans, tellingNames } from './row-spans.ts';

export type LogViewProps = Readonly<{
  frame: Frame;
  title: string;
  /** Container, run, since when. */
  about: readonly string[];
  book: LogBook;
  /** How it is with what is to be read, where that is not known yet or there is nothing of it. */
  instead?: PaneState | undefined;
  /** What can be done about a log that cannot be read. */
  hint?: string;
  /** Nothing is followed: these logs have an end. */
  finite: boolean;
  now: number;
  /** How long the server has been silent; '' = it speaks. */
  silent: string;
  keys: readonly Binding<LookingContext>[];
  /** How a line is drawn; default: as a log is written. */
  words?(text: string): Spans;
  /** What stands out among the lines: `known lines`. */
  known?: string;
}>;

/** Logs to read: lines merged by time, the known ones marked, and what the one under the cursor means below. */
export function LogView({
  frame,
  title,
  about,
  book,
  instead,
  finite,
  now,
  keys,
  silent,
  words,
  known = knownLines,
  hint = leave,
}: LogViewProps) {
  const { glyphs } = useTheme();
  const screen = useScreen();
  const lookingStore = frame.keep('log looking', () =>
    createStore<LogLooking>({ search: '', onlyKnown: false, whole: false }),
  );
  const listStore = frame.keep('log list', () => createStore(createLongListState({ following: true })));
  const looking = useStore(lookingStore);
  const { following } = useStore(listStore);
  const many = book.sources.length > 1;
  const rows = looking.onlyKnown ? book.known : book.rows;
  const empty = rows.length === 0 || instead !== undefined || isNothing(book);
  const below = heightBelow(frame.height, following, looking.whole, book, empty);
  const height = Math.max(1, frame.height - 1 - below);
  const list = useLongList<LogRow>({
    rows,
    version: book.version,
    reordered: book.reordered,
    newest: book.newest,
    text: (row) => (row.mark === '' ? `${many ? nameOf(book.sources[row.source]) : ''} ${row.text}` : row.text),
    sorts: [],
    height,
    active: frame.active,
    store: listStore,
    stream: true,
    // `/` looks for a word and leaves the other lines there; & narrows.
    without: ['/', 'esc', 'n', 'N', 'w', 'ctrl-w'],
  });
  const context: LookingContext = {
    frame,
    looking: lookingStore,
    list: listStore,
    ask: screen.ask,
    rows: list.arranged,
    row: list.current,
    source: () => book.sources[list.current()?.source ?? -1],
    height,
    newest: book.newest,
  };
  useBindings([...keys, ...lookingKeys(known)], () => context, { title: 'Log', active: frame.active });
  const row = list.current();
  const isBare = list.shown === 0 || isNothing(book);
  const names = useMemo(() => tellingNames(book.sources.map(nameOf)), [book.sources]);
  const nameWidth = many ? Math.min(frame.width < 100 ? 14 : 20, Math.max(...names.map((name) => name.length))) : 0;
  const detail =
    row === undefined || following
      ? seenLine(book, frame.width, glyphs, now)
      : rowDetail(row, many ? book.sources[row.source] : undefined, {
          columns: frame.width,
          lines: below - 1,
          glyphs,
          now,
        });
  return (
    <Box flexDirection="column" width={frame.width} height={frame.height}>
      <TitleRule
        title={title}
        note={[
          ...about,
          list.state.filter === '' ? '' : `&${list.state.filter}`,
          looking.search === '' ? '' : `/${looking.search}`,
          looking.onlyKnown ? `${frame.width < 100 ? known.split(' ')[0] : known} only` : '',
        ]
          .filter(Boolean)
          .join(' · ')}
        state={
          instead === undefined
            ? logState(book, { following, unseen: list.unseen, finite, silent }, glyphs)
            : stateSpan(instead, glyphs)
        }
        width={frame.width}
        active={frame.active}
      />
      {isBare ? (
        <EmptyState
          {...(instead === undefined
            ? whyNoLine(book, list.state.filter, looking.onlyKnown ? known : '', hint)
            : emptiness(instead, { total: 0, note: '' }))}
          width={frame.width}
          height={frame.height - 1}
        />
      ) : (
        <Box flexDirection="column" height={height}>
          {list.visible.map((one, index) => (
            <Line
              key={one.id}
              spans={rowSpans(one, {
                glyphs,
                nameWidth,
                name: names[one.source] ?? '',
                search: looking.search,
                ...(words && { words }),
              })}
              width={frame.width}
              {...(index === list.cursorLine && frame.active && !following && { look: { inverse: true } })}
            />
          ))}
        </Box>
      )}
      {below > 1 && !isBare && (
        <Line spans={[{ text: glyphs.rule.repeat(frame.width), tone: 'dim' }]} width={frame.width} />
      )}
      {below > 0 &&
        !isBare &&
        (following ? [detail as readonly Span[]] : (detail as readonly (readonly Span[])[])).map((spans, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: these lines have no identity but their place
          <Line key={index} spans={spans} width={frame.width} />
        ))}
    </Box>
  );
}

const leave = 'esc goes back.';

/** While lines run by there is one line below, of what they meant; where one stands on a line there is room to read it. */
function heightBelow(height: number, following: boolean, whole: boolean, { seen }: LogBook, empty: boolean): number {
  if (height < 10 || empty) return 0;
  if (following) return seen.size > 0 ? 1 : 0;
  return whole ? Math.floor(height / 2) : Math.min(8, Math.max(6, Math.floor(height / 5)));
}
