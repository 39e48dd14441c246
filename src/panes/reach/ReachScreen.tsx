import { useEffect, useMemo, useRef } from 'react';
import type { ReachReport } from '../../model/policies/policy-asks.ts';
import type { Direction } from '../../model/policies/rule.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { useScreen } from '../../ui/screen.ts';
import { cutMiddle } from '../../ui/text.ts';
import { type Span, useTheme } from '../../ui/theme.ts';
import { answerState } from '../answer-state.ts';
import { completeEnd } from '../ask-end.ts';
import { FOREIGN, isForeign } from '../foreign-network.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { policyVersion } from '../policy-version.ts';
import { type KeptAnswer, useAnswer } from '../use-answer.ts';
import { useNow } from '../use-now.ts';
import { verdictLook } from '../verdict-words.ts';
import { reachView, verdictView } from '../views.ts';
import { columns, countLine, endOf, type ReachRow, reachCells, reachRows } from './rows.ts';

/** Who may open a connection to something, or whom it may connect to; `⏎` on one tells why. */
export function ReachScreen({ store, policies, now, asks: _asks, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const screen = useScreen();
  const time = useNow(now);
  const [end = '', told = 'ingress'] = frame.args;
  const direction: Direction = told === 'egress' ? 'egress' : 'ingress';
  const key = end === '' ? '' : `${direction} ${end}`;
  const answer = useAnswer<ReachReport>(
    store,
    key,
    (signal) => policies.reach(end, direction, signal),
    policyVersion,
    frame.keep<KeptAnswer<ReachReport>>('answer', () => ({ current: undefined })),
  );
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const report = answer.value;
  const foreign = useSnapshot(store, isForeign);
  const rows = useMemo(() => (report === undefined ? [] : reachRows(report, end)), [report, end]);
  const state = key === '' ? nobody : answerState(answer, links, time, glyphs);
  const ask = () =>
    screen.ask({
      sign: 'reach of: ',
      complete: (text, signal) => completeEnd(policies, text, signal),
      onDone: (text) => {
        if (text.trim() !== '') frame.become([text.trim(), direction]);
      },
    });
  const latest = useRef({ ask, again: answer.again, end, direction });
  latest.current = { ask, again: answer.again, end, direction };
  const bindings = useMemo(() => keysOf(() => latest.current), []);
  const asked = frame.keep('asked', () => ({ once: false }));
  useEffect(() => {
    if (key !== '' || asked.once) return;
    asked.once = true;
    latest.current.ask();
  }, [key, asked]);
  return (
    <ListScreen<ReachRow>
      frame={frame}
      name={`reach ${key}`}
      title={titleOf(end, direction, frame.width - state.text.length - 40)}
      state={state}
      rows={rows}
      id={rowId}
      text={rowText}
      troubled={isTroubled}
      sorts={sorts}
      columns={columns}
      cells={(row) => reachCells(row, glyphs)}
      above={
        end === ''
          ? []
          : [
              [...tabLine(direction), ...(report === undefined ? [] : countLine(rows, glyphs))],
              ...(foreign ? [[{ text: ` ${glyphs.warning} ${FOREIGN}`, tone: 'warning' as const }]] : []),
            ]
      }
      bindings={bindings}
      none={
        direction === 'ingress' ? `There is nobody who could reach ${end}.` : `There is nobody whom ${end} could reach.`
      }
    />
  );
}

const rowId = (row: ReachRow) => row.id;
const rowText = (row: ReachRow) =>
  `${verdictLook(row.verdict).word} ${row.kind} ${row.namespace} ${row.name} ${row.port.port}/${row.port.protocol} ${row.decidedBy}`;
const isTroubled = (row: ReachRow) => row.verdict !== 'allow';

const sorts = [
  { letter: 'n', title: 'name', value: (row: ReachRow) => `${row.namespace}/${row.name}` },
  { letter: 'v', title: 'verdict', value: (row: ReachRow) => row.verdict },
  { letter: 'p', title: 'pods', value: (row: ReachRow) => row.pods },
  { letter: 't', title: 'port', value: (row: ReachRow) => -row.port.port },
  { letter: 'd', title: 'what decides', value: (row: ReachRow) => row.decidedBy },
] as const;

const nobody: PaneState = {
  phase: 'none',
  glyph: 'unknown',
  text: 'nobody is named',
  tone: 'unknown',
  sentence: 'i asks whose: a pod, workload or service (shop/db), an address, entity:world.',
  old: false,
};

function titleOf(end: string, direction: Direction, columns: number): string {
  const name = cutMiddle(end || '?', Math.max(8, columns));
  return direction === 'ingress' ? `Who may reach ${name}` : `Whom ${name} may reach`;
}

function tabLine(direction: Direction): readonly Span[] {
  const tab = (text: string, here: boolean): Span[] => [
    { text: ' ' },
    here ? { text: ` ${text} `, inverse: true } : { text: ` ${text} `, tone: 'dim' },
  ];
  return [...tab('may reach it', direction === 'ingress'), ...tab('it may reach', direction === 'egress')];
}

type Now = { ask(): void; again(): void; end: string; direction: Direction };

function keysOf(now: () => Now): readonly Binding<ListKeys<ReachRow>>[] {
  const turn = ({ frame }: ListKeys<ReachRow>) => {
    const { end, direction } = now();
    frame.become(reachView(end, direction === 'ingress' ? 'egress' : 'ingress').args ?? []);
  };
  return [
    {
      keys: ['enter', 'v'],
      title: 'why',
      rank: 1,
      unless: ({ row }) => (row === undefined ? 'nobody is under the cursor' : undefined),
      run({ row, frame }) {
        if (row === undefined) return;
        const { end, direction } = now();
        const port = `${row.port.port}/${row.port.protocol}`;
        const other = endOf(row);
        frame.go(direction === 'ingress' ? verdictView(other, end, port) : verdictView(end, other, port));
      },
    },
    {
      keys: ['right', 't', 'left', 'T'],
      title: 'the other direction',
      rank: 5,
      unless: () => (now().end === '' ? 'nobody is named yet: i asks' : undefined),
      run: turn,
    },
    { keys: ['i'], title: 'ask about another', rank: 6, run: () => now().ask() },
    { keys: ['ctrl-r'], title: 'compute again', run: () => now().again() },
    {
      keys: ['c'],
      title: 'copy name',
      unless: ({ row }) => (row === undefined ? 'nobody is under the cursor' : undefined),
      run: ({ row, frame }) => row && frame.copy(endOf(row)),
    },
  ];
}
