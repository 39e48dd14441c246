import { useMemo } from 'react';
import { clockMinute } from '../../model/clock.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { useStore } from '../../ui/store.ts';
import { wrap } from '../../ui/text.ts';
import { type Span, useTheme } from '../../ui/theme.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import { groundState } from '../log-ground.ts';
import type { PaneProps } from '../pane-props.ts';
import { span } from '../spans.ts';
import { useNow } from '../use-now.ts';
import { queryView } from '../views.ts';
import { type QueryRow, queryRows } from './saved-rows.ts';

/** The questions one can put to the workspace, and those that were put. Nothing is asked before one is chosen. */
export function LogsScreen({ store, desk, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const time = useNow(now, 5_000);
  const facts = useSnapshot(store, (snapshot) => snapshot.facts);
  const history = useStore(desk.history);
  const { ground, state, workspace } = useMemo(() => groundState(facts), [facts]);
  const rows = useMemo(() => queryRows(history, ground, frame.scope), [history, ground, frame.scope]);
  const live = ground !== undefined;
  return (
    <ListScreen<QueryRow>
      frame={frame}
      name="queries"
      title="Logs"
      about={workspace}
      // The questions are there in any case: what is missing is said above them.
      state={live ? { ...state, text: 'ready' } : { ...state, phase: 'live' }}
      rows={rows}
      id={rowId}
      text={rowText}
      columns={columns}
      cells={(row) => cellsOf(row, time, glyphs)}
      above={live ? [] : aboveLines(state, frame.width)}
      bindings={bindings}
      without={['s', 'S', 'space']}
    />
  );
}

const rowId = (row: QueryRow) => row.id;
const rowText = (row: QueryRow) => `${row.title} ${row.args.join(' ')} ${row.about}`;

const columns: readonly Column[] = [
  { id: 'title', title: 'QUERY', min: 20, max: 30, cut: 'end' },
  { id: 'time', title: 'LAST', min: 4, max: 9, drop: 2 },
  { id: 'at', title: 'ASKED', min: 5, max: 12, wideOnly: true },
  { id: 'about', title: 'WHAT IT ANSWERS', min: 16, grow: true, cut: 'end' },
];

function cellsOf(row: QueryRow, now: number, glyphs: { unknown: string; ellipsis: string }): readonly Cell[] {
  const asked = row.at === 0 ? '' : clockMinute(row.at, now);
  // What was asked before says when in front of what it was, so that the two kinds are told apart at a glance.
  const about =
    asked === '' ? row.about : `${asked} · ${row.differs > 0 ? glyphs.ellipsis : ''}${row.about.slice(row.differs)}`;
  if (row.missing === '') return [row.title, row.timespan, asked, about];
  return [
    { text: row.title, tone: 'dim' },
    { text: row.timespan, tone: 'dim' },
    asked,
    { text: `${glyphs.unknown} ${row.about}`, tone: 'dim' },
  ];
}

/** Why nothing can be asked, and what to do about it. */
function aboveLines(
  { sentence, hint }: { sentence: string; hint: string },
  width: number,
): readonly (readonly Span[])[] {
  const lines = (text: string, most: number) => (text === '' ? [] : wrap(text, width - 2).slice(0, most));
  return [
    ...lines(sentence, 3).map((line) => [span(` ${line}`, 'warning')]),
    ...lines(hint, 2).map((line) => [span(` ${line}`)]),
  ];
}

const bindings: readonly Binding<ListKeys<QueryRow>>[] = [
  {
    keys: ['enter'],
    title: 'ask',
    rank: 1,
    unless: ({ row }) => (row === undefined ? 'there is no query under the cursor' : undefined),
    run: ({ row, frame }) => row && frame.go(queryView(...row.args)),
  },
  { keys: ['e'], title: 'new query', rank: 2, run: ({ frame }) => frame.go(queryView()) },
];
