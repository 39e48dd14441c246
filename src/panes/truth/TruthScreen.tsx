import { useEffect, useMemo, useRef } from 'react';
import { messageOf, UserError } from '../../errors.ts';
import { type Truth, type TruthResult, type TruthTarget, targetKey } from '../../model/truth/truth.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { createStore, useStore } from '../../ui/store.ts';
import { age } from '../../ui/text.ts';
import { useTheme } from '../../ui/theme.ts';
import { type LineKeys, LinesScreen, type ScreenLine } from '../LinesScreen.tsx';
import { typedTarget } from '../named-pod.ts';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { useNow } from '../use-now.ts';
import { type Run, truthPage, truthsPage } from './truth-page.ts';

/** What the agents have realised for a pod or on a node, against what is intended. Nothing is asked of agents before it is opened. */
export function TruthScreen({ store, asks, now, ...frame }: PaneProps & Frame) {
  const theme = useTheme();
  const time = useNow(now);
  const truth = useSnapshot(store, (snapshot) => snapshot.facts.truth?.value);
  const target = typedTarget(frame.args);
  const key = target === undefined ? '' : targetKey(target);
  const result = truth?.results.find((one) => targetKey(one.target) === key);
  const runs = frame.keep(`truth ${key}`, () => createStore<Run>({ phase: 'not-run', problem: '', hint: '' }));
  const run = useStore(runs);
  const leaving = useRef(new AbortController());
  const look = () => {
    if (target === undefined || runs.get().phase === 'running') return;
    runs.update(() => ({ phase: 'running', problem: '', hint: '' }));
    const { signal } = leaving.current;
    asks.truthCheck(target, signal).then(
      () => runs.update(() => ({ phase: 'done', problem: '', hint: '' })),
      (error: unknown) =>
        runs.update(() =>
          signal.aborted ? { phase: 'not-run', problem: '', hint: '' } : { phase: 'failed', ...wordsOf(error) },
        ),
    );
  };
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    leaving.current = new AbortController();
    if (key !== '' && runs.get().phase === 'not-run') latest.current();
    return () => leaving.current.abort();
  }, [key, runs]);
  const bindings = useMemo(
    () => [
      again(
        () => runs.get().phase === 'running',
        () => latest.current(),
      ),
      ...keys,
    ],
    [runs],
  );
  const lines =
    target === undefined
      ? truthsPage(truth, frame.width - 1, theme, time)
      : truthPage(target, result, run, frame.width - 1, theme, time);
  return (
    <LinesScreen
      frame={frame}
      name={`truth ${key}`}
      title={target === undefined ? 'Truth checks' : `Truth check · ${key}`}
      state={stateOf(target, truth, result, run, time)}
      lines={lines}
      bindings={bindings}
      none="None was run yet: = on a pod or a node, or :truth pod NAMESPACE/NAME, :truth node NAME."
    />
  );
}

function wordsOf(error: unknown): { problem: string; hint: string } {
  return error instanceof UserError
    ? { problem: error.what, hint: error.hint }
    : { problem: messageOf(error), hint: '' };
}

function stateOf(
  target: TruthTarget | undefined,
  truth: Truth | undefined,
  result: TruthResult | undefined,
  run: Run,
  time: number,
): PaneState {
  const base = { phase: 'live', glyph: '', text: '', tone: 'dim', sentence: '', old: false } as const;
  if (target === undefined) return { ...base, text: truth === undefined ? 'none' : 'kept for this session' };
  if (run.phase === 'running') return { ...base, glyph: 'progress', tone: 'progress', text: 'comparing' };
  if (run.phase === 'failed' && result === undefined)
    return {
      ...base,
      phase: 'failed',
      glyph: 'error',
      tone: 'error',
      text: 'failed',
      sentence: `${run.problem} ${run.hint}`,
    };
  if (result === undefined)
    return { ...base, phase: 'connecting', glyph: 'progress', tone: 'progress', text: 'comparing' };
  const { differences, notCompared, at } = result;
  const ago = `${age(time - at)} ago`;
  if (differences.length > 0) {
    const count = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
    return { ...base, glyph: 'error', tone: 'error', text: `${count} · ${ago}` };
  }
  if (notCompared.length > 0) return { ...base, glyph: 'unknown', tone: 'unknown', text: `none so far · ${ago}` };
  return { ...base, glyph: 'ok', tone: 'ok', text: `agrees · ${ago}` };
}

function again(running: () => boolean, look: () => void): Binding<LineKeys> {
  return {
    keys: ['ctrl-r', 'a'],
    title: 'look again',
    rank: 3,
    unless: () => (running() ? 'it is being looked at' : undefined),
    run: look,
  };
}

const keys = objectKeys<ScreenLine>((line) => line.ref, {
  pod: ({ ref }) => (ref?.kind === 'Pod' ? { namespace: ref.namespace ?? '', name: ref.name } : undefined),
});
