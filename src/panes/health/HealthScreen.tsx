import { Box } from 'ink';
import { useCallback, useMemo } from 'react';
import { agentContainer } from '../../model/agents.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import type { Frame } from '../../ui/pane.ts';
import { createStore, useStore } from '../../ui/store.ts';
import { type Glyphs, type Span, useTheme } from '../../ui/theme.ts';
import { createMatrixStore, type MatrixPlace, useMatrix } from '../../ui/use-matrix.ts';
import { EmptyState } from '../../ui/widgets/EmptyState.tsx';
import { Line } from '../../ui/widgets/Line.tsx';
import { Matrix } from '../../ui/widgets/Matrix.tsx';
import { TitleRule } from '../../ui/widgets/TitleRule.tsx';
import { emptiness } from '../emptiness.ts';
import { leaveKey } from '../leave-key.ts';
import type { PaneProps } from '../pane-props.ts';
import { type PaneState, paneState, stateSpan } from '../pane-state.ts';
import { isRead } from '../read-agents.ts';
import { type RunningAgent, runningAgents } from '../running-agents.ts';
import { span } from '../spans.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { useNow } from '../use-now.ts';
import { agentView } from '../views.ts';
import { cellLine, cellSign, healthCell } from './health-matrix.ts';
import { type HealthAnswers, useHealth } from './use-health.ts';

/** So many are asked at first, and with each `m`: each is a command in a pod. */
const step = 6;

/** How nodes reach each other, by the probes of their own agents: `:health [NODE…]`. */
export function HealthScreen({ store, asks, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const time = useNow(now);
  const names = frame.args.join(' ');
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const { all, nodes, read } = useDerived(
    store,
    anyChange,
    (snapshot) => ({
      all: bySickness(runningAgents(snapshot, frame.args, now())),
      nodes: [...snapshot.tables.nodes.rows.values()].map(({ name }) => name),
      read: isRead(snapshot, 'systemPods'),
    }),
    { everyMs: 2_000, dependencies: names },
  );
  const manyStore = frame.keep('many', () => createStore(step));
  const many = useStore(manyStore);
  const answersStore = frame.keep(`answers ${names}`, () => createStore<HealthAnswers>(new Map()));
  // In what order they were first asked: rows do not jump when an agent falls ill.
  const order = frame.keep(`order ${names}`, () => ({ nodes: [] as readonly string[] }));
  if (read) order.nodes = withNext(order.nodes, all, many);
  const { nodes: asked } = order;
  const chosen = useMemo(() => asked.flatMap((name) => all.find(({ node }) => node === name) ?? []), [asked, all]);
  const answers = useHealth(asks, answersStore, chosen, now);
  const rows = useMemo(() => chosen.map(({ node }) => node), [chosen]);
  const columns = useMemo(() => columnsOf(rows, nodes, answers), [rows, nodes, answers]);
  const cell = useCallback((row: string, column: string) => healthCell(answers.get(row), row, column), [answers]);
  const bad = useCallback(
    (row: string, column: string) => !['ok', 'own', 'unknown'].includes(cell(row, column).state),
    [cell],
  );
  const sign = useCallback((row: string, column: string) => cellSign(cell(row, column), glyphs), [cell, glyphs]);
  const kept = useMemo(() => ({ word: 'only with a slow or failed probe', has: bad }), [bad]);
  const height = Math.max(1, frame.height - 4);
  const matrix = useMatrix({
    rows,
    columns,
    troubled: bad,
    kept,
    width: frame.width,
    height,
    active: frame.active,
    store: frame.keep(`matrix ${names}`, () => createMatrixStore()),
  });
  const bindings = useMemo(() => [leaveKey<HealthKeys>(matrix), ...keys], [matrix]);
  useBindings<HealthKeys>(
    bindings,
    () => ({
      frame,
      place: matrix.current(),
      left: all.length - chosen.length,
      more: () => manyStore.update((before) => before + step),
      again: () => answersStore.update(() => new Map()),
    }),
    { title: 'Health', active: frame.active },
  );
  const counts = countCells(rows, columns, cell);
  const state = read ? stateOf(all.length, chosen, answers, counts, names) : paneState(links, ['systemPods'], 1, time);
  const place = matrix.under;
  const isEmpty = matrix.left.rows === 0 || matrix.left.columns === 0;
  return (
    <Box flexDirection="column" width={frame.width} height={frame.height}>
      <TitleRule
        title="Health between nodes"
        state={stateSpan(state, glyphs)}
        note={[all.length === 0 ? '' : `${chosen.length} of ${all.length} agents asked, sick first`, matrix.note]
          .filter(Boolean)
          .join(' · ')}
        width={frame.width}
        active={frame.active}
      />
      {isEmpty ? (
        <EmptyState
          {...emptiness(state, { total: rows.length, note: matrix.note }, 'Nobody has been asked.')}
          width={frame.width}
          height={height + 3}
        />
      ) : (
        <>
          <Matrix
            fitted={matrix.fitted}
            corner="FROM \ TO"
            rows={matrix.rows}
            columns={matrix.columns}
            heads={matrix.heads}
            sign={sign}
            cursor={frame.active ? matrix.cursor : { row: -1, column: -1 }}
            width={frame.width}
            height={height}
          />
          <Line
            spans={
              place === undefined
                ? ''
                : cellLine(place, cell(place.row, place.column), answers.get(place.row), glyphs, frame.width)
            }
            width={frame.width}
          />
          <Line spans={legend(counts, glyphs)} width={frame.width} />
          <Line spans={[span(failures(chosen, answers), 'error')]} width={frame.width} />
        </>
      )}
    </Box>
  );
}

type HealthKeys = Readonly<{
  frame: Frame;
  place: MatrixPlace | undefined;
  left: number;
  more(): void;
  again(): void;
}>;

const keys: readonly Binding<HealthKeys>[] = [
  {
    keys: ['enter'],
    title: 'the agent that says so',
    rank: 1,
    unless: ({ place }) => (place === undefined ? 'there is no cell under the cursor' : undefined),
    run: ({ place, frame }) => place && frame.go(agentView(place.row)),
  },
  {
    keys: ['m'],
    title: 'ask more',
    word: 'more',
    rank: 5,
    unless: ({ left }) => (left <= 0 ? 'every agent that runs has been asked' : undefined),
    run: ({ more }) => more(),
  },
  { keys: ['ctrl-r'], title: 'ask again', rank: 6, run: ({ again }) => again() },
  {
    keys: ['c'],
    title: 'copy both names',
    unless: ({ place }) => (place === undefined ? 'there is no cell under the cursor' : undefined),
    run: ({ place, frame }) => place && frame.copy(`${place.row} ${place.column}`),
  },
];

/** Those that say that they cannot reach others first, then the sick ones. */
function bySickness(agents: readonly RunningAgent[]): readonly RunningAgent[] {
  return agents.toSorted(
    (a, b) =>
      b.unreachableNodes - a.unreachableNodes ||
      Number(b.sick) - Number(a.sick) ||
      (a.node < b.node ? -1 : a.node > b.node ? 1 : 0),
  );
}

/** The same list while there is nobody to add. */
function withNext(asked: readonly string[], all: readonly RunningAgent[], many: number): readonly string[] {
  const next = all.filter(({ node }) => !asked.includes(node)).slice(0, Math.max(0, many - asked.length));
  return next.length === 0 ? asked : [...asked, ...next.map(({ node }) => node)];
}

/** All nodes that are, and those that somebody still probes; in the same order as the rows, then by name. */
function columnsOf(rows: readonly string[], nodes: readonly string[], answers: HealthAnswers): readonly string[] {
  const all = new Set([...rows, ...nodes.toSorted()]);
  for (const asked of answers.values())
    if (asked.phase === 'told') for (const node of asked.peers.keys()) all.add(node);
  return [...all];
}

type Counts = { ok: number; slow: number; failed: number; unknown: number };

function countCells(
  rows: readonly string[],
  columns: readonly string[],
  cell: (row: string, column: string) => { state: string },
): Counts {
  const counts = { ok: 0, slow: 0, failed: 0, unknown: 0 };
  for (const row of rows) {
    for (const column of columns) {
      const { state } = cell(row, column);
      if (state === 'ok' || state === 'slow' || state === 'unknown') counts[state] += 1;
      else if (state !== 'own') counts.failed += 1;
    }
  }
  return counts;
}

function legend({ ok, slow, failed, unknown }: Counts, glyphs: Glyphs): Span[] {
  return [
    span(` ${glyphs.ok}`, 'ok'),
    span(` answers ${ok}  `, 'dim'),
    span(glyphs.warning, 'warning'),
    span(` slow ${slow}  `, 'dim'),
    span(glyphs.about, 'error'),
    span(' partly  ', 'dim'),
    span(glyphs.error, 'error'),
    span(` fails ${failed}  `, 'dim'),
    span(glyphs.unknown, 'unknown'),
    span(` not known ${unknown}`, 'dim'),
  ];
}

function failures(chosen: readonly RunningAgent[], answers: HealthAnswers): string {
  const failed = chosen.flatMap(({ node }) => {
    const asked = answers.get(node);
    return asked?.phase === 'failed' ? [`${node}: ${asked.problem}`] : [];
  });
  return failed.length === 0 ? '' : ` could not be asked: ${failed.length}, first ${failed[0]}`;
}

function stateOf(
  known: number,
  chosen: readonly RunningAgent[],
  answers: HealthAnswers,
  { slow, failed }: Counts,
  names: string,
): PaneState {
  const state = (phase: PaneState['phase'], glyph: PaneState['glyph'], text: string, sentence = ''): PaneState => ({
    phase,
    glyph,
    text,
    tone: glyph === '' ? 'plain' : glyph,
    sentence,
    old: false,
  });
  if (known === 0) {
    const where = names === '' ? '' : ` on a node, or in a pool, called "${names}"`;
    return state('none', 'unknown', 'nobody to ask', `No ${agentContainer} runs${where} that could be asked.`);
  }
  const told = chosen.filter(({ node }) => answers.get(node)?.phase === 'told').length;
  const waiting = chosen.filter(({ node }) => !['told', 'failed'].includes(answers.get(node)?.phase ?? '')).length;
  if (waiting > 0) return state('live', 'progress', `asking, ${told} of ${chosen.length} answered`);
  if (told === 0) return state('live', 'error', 'none answered');
  if (failed > 0) return state('live', 'error', `${failed} ${failed === 1 ? 'path fails' : 'paths fail'}`);
  if (slow > 0) return state('live', 'warning', `${slow} slow`);
  // Of nodes that were not asked it is known how they are reached, not whom they reach.
  const reached = told < known ? 'these reach all' : 'all reach all';
  return told < chosen.length
    ? state('live', 'warning', `${told} of ${chosen.length} answered, ${reached}`)
    : state('live', 'ok', reached);
}
