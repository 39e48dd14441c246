import { Box } from 'ink';
import { useMemo } from 'react';
import type { LogRequest } from '../../model/asks.ts';
import { useStream } from '../../state/use-stream.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import type { Frame } from '../../ui/pane.ts';
import { type Screen, useScreen } from '../../ui/screen.ts';
import { createStore, useStore } from '../../ui/store.ts';
import { number } from '../../ui/text.ts';
import { type Span, useTheme } from '../../ui/theme.ts';
import { EmptyState } from '../../ui/widgets/EmptyState.tsx';
import { createTextStore, TextView } from '../../ui/widgets/TextView.tsx';
import { TitleRule } from '../../ui/widgets/TitleRule.tsx';
import type { PaneProps } from '../pane-props.ts';
import { emptyLog, foldLog, type LogBuffer } from './log-buffer.ts';
import { logText } from './log-text.ts';
import { type LogContainer, likeliest, useContainers } from './use-containers.ts';

/** A container's log, followed. Without a container named, the failing one, else the first. */
export function LogScreen({ asks, ...frame }: PaneProps & Frame) {
  const [namespace = '', pod = '', named = '', run = 'current'] = frame.args;
  const screen = useScreen();
  const containers = useContainers(asks, namespace, pod);
  const known = Array.isArray(containers) ? (containers as readonly LogContainer[]) : [];
  const container = named || likeliest(known)?.name || '';
  const filterStore = frame.keep('log filter', () => createStore(''));
  const filter = useStore(filterStore);
  const text = frame.keep('log text', () => createTextStore({ following: true }));
  const paused = !useStore(text).following;
  const request: LogRequest = {
    namespace,
    pod,
    container,
    tailLines: 2_000,
    ...(run === 'previous' ? { previous: true } : { follow: true }),
  };
  const stream = useStream(
    container === '' ? undefined : `${namespace}/${pod}/${container}/${run}`,
    (signal) => asks.logs(request, signal),
    foldLog,
    emptyLog,
  );
  const lines = useMemo(() => logText(stream.value, filter), [stream.value, filter]);
  useBindings(
    logKeys,
    () => ({
      frame,
      screen,
      container,
      containers: known,
      run,
      filter: filterStore,
      lines: () => lines.map((line) => line.text),
    }),
    { title: 'Log', active: frame.active },
  );
  const problem = typeof containers === 'string' && container === '' ? containers : (stream.problem ?? '');
  return (
    <Box flexDirection="column" width={frame.width} height={frame.height}>
      <TitleRule
        title={`${namespace}/${pod}`}
        note={[container, run === 'previous' ? 'the run before' : '', filter === '' ? '' : `&${filter}`]
          .filter(Boolean)
          .join(' · ')}
        state={useStateSpan(stream.phase, stream.value, paused, problem)}
        width={frame.width}
        active={frame.active}
      />
      {lines.length === 0 ? (
        <EmptyState
          {...emptiness(stream.phase, stream.value, filter, problem)}
          width={frame.width}
          height={frame.height - 1}
        />
      ) : (
        <TextView lines={lines} width={frame.width} height={frame.height - 1} active={frame.active} store={text} log />
      )}
    </Box>
  );
}

type Context = {
  frame: Frame;
  screen: Screen;
  container: string;
  containers: readonly LogContainer[];
  run: string;
  filter: ReturnType<typeof createStore<string>>;
  lines(): readonly string[];
};

const logKeys: readonly Binding<Context>[] = [
  {
    keys: ['l'],
    title: 'this run',
    rank: 3,
    unless: ({ run }) => (run === 'current' ? 'this is the current run' : undefined),
    run: (c) => show(c, c.container, 'current'),
  },
  {
    keys: ['p'],
    title: 'previous run',
    rank: 2,
    unless: ({ run }) => (run === 'previous' ? 'this is the previous run' : undefined),
    run: (c) => show(c, c.container, 'previous'),
  },
  {
    keys: ['a'],
    title: 'container',
    rank: 4,
    unless: ({ containers }) => (containers.length < 2 ? 'the pod has only one container' : undefined),
    run: () => {},
    next: ({ containers }) =>
      containers.slice(0, 9).map(
        (one, index): Binding<Context> => ({
          keys: [String(index + 1)],
          title: `${one.name}${one.failing ? ' (failing)' : ''}`,
          rank: index,
          run: (c) => show(c, one.name, c.run),
        }),
      ),
  },
  { keys: ['&'], title: 'only lines with', rank: 5, run: filterLines },
  { keys: ['c'], title: 'copy all', rank: 12, run: ({ frame, lines }) => frame.copy(lines().join('\n')) },
];

function show({ frame }: Context, container: string, run: string): void {
  frame.become([frame.args[0] ?? '', frame.args[1] ?? '', container, run]);
}

function filterLines({ screen, filter }: Context): void {
  const set = (text: string) => filter.update(() => text);
  screen.ask({ sign: '&', initial: filter.get(), onChange: set, onDone: set, onCancel: set });
}

function useStateSpan(phase: string, buffer: LogBuffer, paused: boolean, problem: string): Span {
  const { glyphs } = useTheme();
  const count = `${number(buffer.received)} ${buffer.received === 1 ? 'line' : 'lines'}`;
  if (problem !== '') return { text: `${glyphs.error} failed`, tone: 'error' };
  if (phase === 'idle' || (phase === 'running' && buffer.received === 0))
    return { text: `${glyphs.progress} reading`, tone: 'progress' };
  if (phase === 'ended' || buffer.end !== '') return { text: `ended · ${count}`, tone: 'dim' };
  return paused
    ? { text: `paused · ${count} · f follows`, tone: 'warning' }
    : { text: `${glyphs.ok} following · ${count}`, tone: 'ok' };
}

function emptiness(
  phase: string,
  buffer: LogBuffer,
  filter: string,
  problem: string,
): { kind: 'loading' | 'none' | 'failed' | 'filtered'; text: string; hint?: string } {
  if (problem !== '') return { kind: 'failed', text: problem, hint: 'p reads the run before; esc goes back.' };
  if (filter !== '' && buffer.received > 0)
    return { kind: 'filtered', text: `No line of ${buffer.received} has "${filter}".`, hint: '& changes it.' };
  if (phase === 'ended') return { kind: 'none', text: 'The log is empty.' };
  return { kind: 'loading', text: 'No line yet.' };
}
