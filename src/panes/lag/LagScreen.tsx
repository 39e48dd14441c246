import { useEffect, useMemo, useRef } from 'react';
import { messageOf, UserError } from '../../errors.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { createStore, useStore } from '../../ui/store.ts';
import { useTheme } from '../../ui/theme.ts';
import { type LineKeys, LinesScreen, type ScreenLine } from '../LinesScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { lagPage, type Sampling } from './lag-page.ts';

/** How long it takes until a new pod is known: its address, its endpoint, its slice, and, on a key, other nodes. */
export function LagScreen({ store, asks, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const samples = frame.keep('lag sample', () =>
    createStore<Sampling>({ running: false, value: undefined, problem: '' }),
  );
  const sampling = useStore(samples);
  const leaving = useRef(new AbortController());
  useEffect(() => {
    leaving.current = new AbortController();
    return () => leaving.current.abort();
  }, []);
  const { state, lines } = useDerived(
    store,
    anyChange,
    (snapshot) => ({
      state: paneState(snapshot.links, ['ciliumEndpoints', 'pods', 'ciliumEndpointSlices'], 1, now()),
      lines: lagPage(snapshot, sampling, frame.width - 1, glyphs, now()),
    }),
    { everyMs: 1_000, dependencies: `${frame.width} ${sampling.running} ${sampling.value?.at} ${sampling.problem}` },
  );
  const bindings = useMemo(() => {
    const ask = () => {
      samples.update((one) => ({ ...one, running: true, problem: '' }));
      const { signal } = leaving.current;
      asks.lagSample(signal).then(
        (value) => samples.update(() => ({ running: false, value, problem: value.problem })),
        (error: unknown) =>
          samples.update((one) => ({
            ...one,
            running: false,
            problem: signal.aborted ? '' : error instanceof UserError ? error.what : messageOf(error),
          })),
      );
    };
    return [
      {
        keys: ['a'],
        title: 'ask nodes',
        rank: 3,
        unless: () => (samples.get().running ? 'they are being asked' : undefined),
        run: ask,
      } satisfies Binding<LineKeys>,
      ...keys,
    ];
  }, [asks, samples]);
  return (
    <LinesScreen
      frame={frame}
      name="lag"
      title="Until a new pod is known"
      state={state}
      lines={lines}
      bindings={bindings}
    />
  );
}

const keys = objectKeys<ScreenLine>((line) => line.ref, {
  pod: ({ ref }) => (ref?.kind === 'CiliumEndpoint' ? { namespace: ref.namespace ?? '', name: ref.name } : undefined),
});
