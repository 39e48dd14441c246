import { Box } from 'ink';
import { useEffect, useMemo, useRef } from 'react';
import type { Road } from '../../actions/road.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import { type Store, useStore } from '../../ui/store.ts';
import { useTheme } from '../../ui/theme.ts';
import { Line } from '../../ui/widgets/Line.tsx';
import { createTextStore, TextView } from '../../ui/widgets/TextView.tsx';
import { TitleRule } from '../../ui/widgets/TitleRule.tsx';
import { bodyLines, footSpans, stateSpan, titleOf } from './act-lines.ts';
import { type ActState, canStop, emptying, erasing, notYet, typing } from './act-state.ts';

export type ActOverlayProps = Readonly<{
  store: Store<ActState>;
  road: Pick<Road, 'clusterName' | 'refusal'>;
  width: number;
  height: number;
  onConfirm(): void;
  onStop(): void;
  onCopy(text: string): void;
  onClose(): void;
  /** It is on the screen, or no longer, however it was left. */
  onShown(now: boolean): void;
}>;

/** What would be done, the question, how far it is, and what became of it: over whatever pane asked for it. */
export function ActOverlay(props: ActOverlayProps) {
  const { store, road, width, height, onShown } = props;
  const { ascii, glyphs } = useTheme();
  const state = useStore(store);
  // What became of it stands at the top, however far down somebody had read the plan.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each phase is a text of its own
  const text = useMemo(() => createTextStore(), [state.phase]);
  const cluster = road.clusterName();
  const lines = useMemo(() => bodyLines(state, cluster, glyphs, width), [state, cluster, glyphs, width]);
  const types = state.phase === 'asking' && state.name !== '';
  const { current: tell } = useRef(onShown);
  useEffect(() => {
    tell(true);
    return () => tell(false);
  }, [tell]);
  useBindings(keysOf(state), () => ({ ...props, state: store.get() }), {
    title: 'This change',
    ...(types && { typed: (typed: string) => store.update((now) => typing(now, typed)) }),
  });
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TitleRule title={titleOf(state)} state={stateSpan(state, glyphs)} width={width} />
      <TextView
        lines={lines}
        width={width}
        height={Math.max(1, height - 2)}
        active
        store={text}
        without={types ? letters : taken}
      />
      <Line spans={footSpans(state, width, ascii)} width={width} />
    </Box>
  );
}

type Context = Omit<ActOverlayProps, 'store'> & { state: ActState; store: Store<ActState> };

/** Keys of a text that mean something else here, or are typed. */
const taken = ['esc', 'n', 'N'];
const letters = [...taken, 'ctrl-u', 'j', 'k', 'g', 'G', 'w', '/'];

function keysOf(state: ActState): readonly Binding<Context>[] {
  if (state.phase === 'running') return [stop, close('leave it to itself'), copy];
  if (state.phase !== 'asking') return [close('close'), copy];
  if (state.name === '') return [{ ...confirm, keys: ['y'] }, { ...close('cancel'), rank: 2 }, copy];
  return [
    { ...confirm, keys: ['enter'] },
    { ...close('cancel'), keys: ['esc'], rank: 2 },
    { keys: ['backspace'], title: 'erase', still: true, run: ({ store }) => store.update(erasing) },
    { keys: ['ctrl-u'], title: 'erase all', still: true, run: ({ store }) => store.update(emptying) },
  ];
}

const confirm: Omit<Binding<Context>, 'keys'> = {
  title: 'do it',
  rank: 1,
  // The window may have closed while one read.
  unless: ({ state, road }) => notYet(state) ?? road.refusal(),
  run: ({ onConfirm }) => onConfirm(),
};

const stop: Binding<Context> = {
  keys: ['ctrl-c'],
  title: 'stop after this step',
  rank: 2,
  applies: ({ state }) => canStop(state),
  run: ({ onStop }) => onStop(),
};

function close(title: string): Binding<Context> {
  return { keys: ['esc', 'enter', 'q', 'n'], title, rank: 1, run: ({ onClose }) => onClose() };
}

const copy: Binding<Context> = {
  keys: ['c'],
  title: 'copy the command',
  rank: 3,
  unless: ({ state }) => ('plan' in state ? undefined : 'there is no plan'),
  run: ({ state, onCopy }) => 'plan' in state && onCopy(state.plan.kubectl),
};
