import { useCallback, useMemo } from 'react';
import type { CellReport } from '../../model/policies/policy-asks.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { number } from '../../ui/text.ts';
import { type Glyphs, useTheme } from '../../ui/theme.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { answerState } from '../answer-state.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { policyVersion } from '../policy-version.ts';
import { useAnswer } from '../use-answer.ts';
import { useNow } from '../use-now.ts';
import { portName, verdictSpan } from '../verdict-words.ts';
import { reachView, verdictView } from '../views.ts';

type Pair = CellReport['pairs'][number];

/** The pairs of workloads behind a cell of the map, those that are not allowed first. */
export function CellScreen({ store, asks: _asks, policies, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const [from = '', to = ''] = frame.args;
  const answer = useAnswer(
    store,
    `cell ${from} ${to}`,
    (signal) => policies.cell(from, to, signal),
    policyVersion,
    frame.keep('answer', () => ({ current: undefined })),
  );
  const rows = answer.value?.pairs ?? none;
  const { again } = answer;
  const bindings = useMemo(
    () => [...keys, { keys: ['ctrl-r'], title: 'compute again', rank: 60, run: () => again() }],
    [again],
  );
  const cells = useCallback((row: Pair) => pairCells(row, glyphs), [glyphs]);
  return (
    <ListScreen<Pair>
      frame={frame}
      name={`cell ${from} ${to}`}
      title={`${from} ${glyphs.arrow} ${to}`}
      state={answerState(answer, links, time, glyphs)}
      rows={rows}
      id={pairId}
      text={pairText}
      troubled={isNotAllowed}
      sorts={sorts}
      columns={columns}
      cells={cells}
      bindings={bindings}
      none={`No two pods of ${from} and ${to} that policies hold for.`}
    />
  );
}

const none: readonly Pair[] = [];

const columns: readonly Column[] = [
  { id: 'verdict', title: 'VERDICT', min: 9 },
  { id: 'from', title: 'FROM', min: 16, max: 60 },
  { id: 'to', title: 'TO', min: 16, max: 60 },
  { id: 'port', title: 'PORT', min: 8, max: 14, grow: true },
  { id: 'pods', title: 'PODS', min: 7, align: 'right', drop: 1 },
];

function pairCells({ from, to, pods, port, verdict }: Pair, glyphs: Glyphs): readonly Cell[] {
  const [here, there] = pods;
  return [verdictSpan(verdict, glyphs), from, to, portName(port), `${number(here)} × ${number(there)}`];
}

const pairId = ({ from, to, port }: Pair) => `${from} ${to} ${portName(port)}`;
const pairText = (pair: Pair) => `${pairId(pair)} ${pair.verdict}`;
const isNotAllowed = ({ verdict }: Pair) => verdict !== 'allow';

const sorts = [
  { letter: 'f', title: 'from', value: (row: Pair) => row.from },
  { letter: 't', title: 'to', value: (row: Pair) => row.to },
  { letter: 'p', title: 'pods', value: (row: Pair) => row.pods[0] * row.pods[1] },
] as const;

const noPair = ({ row }: ListKeys<Pair>) => (row === undefined ? 'there is no pair under the cursor' : undefined);

const keys: readonly Binding<ListKeys<Pair>>[] = [
  {
    keys: ['enter', 'v'],
    title: 'why',
    rank: 1,
    unless: noPair,
    run: ({ row, frame }) =>
      row && frame.go(verdictView(row.from, row.to, row.port.other ? '' : `${row.port.port}/${row.port.protocol}`)),
  },
  {
    keys: ['i'],
    title: 'who may reach TO',
    rank: 5,
    unless: noPair,
    run: ({ row, frame }) => row && frame.go(reachView(row.to, 'ingress')),
  },
  {
    keys: ['o'],
    title: 'whom FROM may reach',
    rank: 6,
    unless: noPair,
    run: ({ row, frame }) => row && frame.go(reachView(row.from, 'egress')),
  },
  {
    keys: ['c'],
    title: 'copy both names',
    unless: noPair,
    run: ({ row, frame }) => row && frame.copy(`${row.from} ${row.to}`),
  },
];
