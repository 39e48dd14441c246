import { Box } from 'ink';
import { useCallback, useMemo } from 'react';
import { clockTime } from '../../model/clock.ts';
import type { MapReport } from '../../model/policies/policy-asks.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { createMatrixStore, useMatrix } from '../../ui/use-matrix.ts';
import { EmptyState } from '../../ui/widgets/EmptyState.tsx';
import { Line } from '../../ui/widgets/Line.tsx';
import { Matrix } from '../../ui/widgets/Matrix.tsx';
import { TitleRule } from '../../ui/widgets/TitleRule.tsx';
import { answerState } from '../answer-state.ts';
import { emptiness } from '../emptiness.ts';
import { leaveKey } from '../leave-key.ts';
import type { PaneProps } from '../pane-props.ts';
import { type PaneState, stateSpan } from '../pane-state.ts';
import { policyVersion } from '../policy-version.ts';
import { useAnswer } from '../use-answer.ts';
import { useNow } from '../use-now.ts';
import { countVerdicts, isNarrow, isShut, type MapVerdict, mapCells, verdictSign } from './map-cells.ts';
import { beyondText, legend, underCursor } from './map-lines.ts';
import { tabKeys, tabLine } from './tabs.ts';

/** Which namespace may talk to which; of one namespace (`:map shop`, or what the screens are narrowed to) its own rows. */
export function MapScreen({ store, asks: _asks, policies, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const only = frame.args[0] ?? frame.scope;
  const answer = useAnswer(
    store,
    `map ${only}`,
    (signal) => policies.map(only, signal),
    policyVersion,
    frame.keep('answer', () => ({ current: undefined })),
  );
  const report = answer.value ?? nothing;
  const map = useMemo(() => mapCells(report, only), [report, only]);
  const troubled = useCallback((row: string, column: string) => isNarrow(map.verdict(row, column)), [map]);
  const sign = useCallback(
    (row: string, column: string) => verdictSign(map.verdict(row, column), glyphs),
    [map, glyphs],
  );
  const counts = useMemo(() => countVerdicts(report), [report]);
  const kept = useMemo(
    () => ({
      word: 'only with a cell denied or unknown',
      has: (row: string, column: string) => isShut(map.verdict(row, column)),
    }),
    [map],
  );
  const height = Math.max(1, frame.height - around);
  const matrix = useMatrix({
    rows: map.rows,
    columns: map.columns,
    troubled,
    kept,
    width: frame.width,
    height,
    active: frame.active,
    store: frame.keep(`matrix ${only}`, () => createMatrixStore()),
  });
  const bindings = useMemo(() => [leaveKey<MapKeys>(matrix), ...keys], [matrix]);
  const pairAt = (place: ReturnType<typeof matrix.current>): Pair | undefined =>
    place && { ...map.ends(place.row, place.column), verdict: map.verdict(place.row, place.column) };
  useBindings<MapKeys>(bindings, () => ({ frame, pair: pairAt(matrix.current()), again: answer.again }), {
    title: 'Policy map',
    active: frame.active,
  });
  const state = answerState(answer, links, time, glyphs);
  const pair = pairAt(matrix.under);
  const isEmpty = matrix.left.rows === 0 || matrix.left.columns === 0;
  return (
    <Box flexDirection="column" width={frame.width} height={frame.height}>
      <TitleRule
        title="Policy map"
        state={stateSpan(state, glyphs)}
        note={[only === '' ? '' : `ns:${only}`, asOf(answer.value, state, time), matrix.note]
          .filter(Boolean)
          .join(' · ')}
        {...(answer.value !== undefined && { shown: matrix.left.rows, total: map.rows.length })}
        right={beyondText(matrix, glyphs)}
        width={frame.width}
        active={frame.active}
      />
      <Line spans={tabLine(store.get(), 'policy-map', glyphs)} width={frame.width} />
      {isEmpty ? (
        <EmptyState
          {...emptiness(state, { total: map.rows.length, note: matrix.note }, noPods)}
          width={frame.width}
          height={height + 2}
        />
      ) : (
        <>
          <Matrix
            fitted={matrix.fitted}
            corner={only === '' ? 'FROM \\ TO' : 'NAMESPACE'}
            rows={matrix.rows}
            columns={matrix.columns}
            heads={matrix.heads}
            sign={sign}
            cursor={frame.active ? matrix.cursor : { row: -1, column: -1 }}
            stale={state.old}
            width={frame.width}
            height={height}
          />
          <Line spans={pair === undefined ? '' : underCursor(pair, glyphs)} width={frame.width} />
          <Line spans={legend(counts, glyphs, frame.width)} width={frame.width} />
        </>
      )}
    </Box>
  );
}

/** Title, views, the cell under the cursor, what the signs mean. */
const around = 4;
const nothing: MapReport = { namespaces: [], rows: [], at: 0 };
const noPods = 'There are no two pods that policies hold for, so there is nothing to ask.';

/** The state says it itself where what it rests on is not live. */
function asOf(report: MapReport | undefined, { text }: PaneState, now: number): string {
  return report === undefined || text.includes('computed') ? '' : `as of ${clockTime(report.at, now)}`;
}

type Pair = Readonly<{ from: string; to: string; verdict: MapVerdict | undefined }>;
type MapKeys = Readonly<{ frame: Frame; pair: Pair | undefined; again(): void }>;

const keys: readonly Binding<MapKeys>[] = [
  {
    keys: ['enter', 'v'],
    title: 'the pairs behind it',
    rank: 1,
    unless: ({ pair }) => {
      if (pair === undefined) return 'there is no cell under the cursor';
      return pair.verdict === undefined ? 'there are no two pods to ask about' : undefined;
    },
    run: ({ pair, frame }) => pair && frame.go({ pane: 'policy-cell', args: [pair.from, pair.to] }),
  },
  {
    keys: ['c'],
    title: 'copy both names',
    unless: ({ pair }) => (pair === undefined ? 'there is no cell under the cursor' : undefined),
    run: ({ pair, frame }) => pair && frame.copy(`${pair.from} ${pair.to}`),
  },
  { keys: ['ctrl-r'], title: 'compute again', rank: 60, run: ({ again }) => again() },
  ...tabKeys<MapKeys>('policy-map', false),
];
