import type { LogRequest } from '../../model/asks.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { useNow } from '../use-now.ts';
import { LogView } from './LogView.tsx';
import { cannotBeRead, silenceOf } from './log-state.ts';
import type { LookingContext } from './looking-keys.ts';
import { sinceKey, sinceSeconds } from './since.ts';
import { type LogContainer, likeliest, useContainers } from './use-containers.ts';
import { useLogs } from './use-logs.ts';

/** A container's log, followed. Without a container named, the failing one, else the first. */
export function LogScreen({ store, asks, now, ...frame }: PaneProps & Frame) {
  const [namespace = '', pod = '', named = '', run = 'current', since = ''] = wholeArgs(frame.args);
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const node = useSnapshot(store, ({ tables }) => tables.pods.named(namespace, pod)?.node ?? '');
  const containers = useContainers(asks, namespace, pod);
  const known = Array.isArray(containers) ? (containers as readonly LogContainer[]) : [];
  const container = named || likeliest(known)?.name || '';
  const seconds = sinceSeconds(since) ?? 0;
  const request: LogRequest = {
    namespace,
    pod,
    container,
    ...(seconds > 0 ? { sinceSeconds: seconds } : { tailLines: 2_000 }),
    ...(run === 'previous' ? { previous: true } : { follow: true }),
  };
  const book = useLogs(
    `${namespace}/${pod}/${container}/${run}/${seconds}`,
    container === ''
      ? []
      : [{ source: { namespace, pod, container, node }, open: (signal) => asks.logs(request, signal) }],
  );
  const show = (next: string, nextRun: string, nextSince = since) =>
    frame.become([namespace, pod, next, nextRun, nextSince]);
  const keys = containerKeys(known, container, run, show);
  return (
    <LogView
      frame={frame}
      title={`${namespace}/${pod}`}
      about={[container, run === 'previous' ? 'the run before' : '', seconds > 0 ? `since ${since}` : '']}
      book={book}
      instead={typeof containers === 'string' && container === '' ? cannotBeRead(containers) : undefined}
      hint={run === 'previous' ? 'l reads the current run; esc goes back.' : 'p reads the run before; esc goes back.'}
      finite={run === 'previous'}
      now={time}
      silent={silenceOf(links, time)}
      keys={[...keys, sinceKey(since, (next) => show(container, run, next))]}
    />
  );
}

/** A pod is also named as everywhere else: `NAMESPACE/POD`. */
function wholeArgs([first = '', ...rest]: readonly string[]): readonly string[] {
  return first.includes('/') ? [...first.split('/', 2), ...rest] : [first, ...rest];
}

function containerKeys(
  containers: readonly LogContainer[],
  container: string,
  run: string,
  show: (container: string, run: string) => void,
): readonly Binding<LookingContext>[] {
  return [
    {
      keys: ['l'],
      title: 'this run',
      rank: 3,
      unless: () => (run === 'current' ? 'this is the current run' : undefined),
      run: () => show(container, 'current'),
    },
    {
      keys: ['p'],
      title: 'previous run',
      rank: 2,
      unless: () => (run === 'previous' ? 'this is the previous run' : undefined),
      run: () => show(container, 'previous'),
    },
    {
      keys: ['a'],
      title: 'container',
      rank: 4,
      unless: () => (containers.length < 2 ? 'the pod has only one container' : undefined),
      run: () => {},
      next: () =>
        containers.slice(0, 15).map(
          (one, index): Binding<LookingContext> => ({
            keys: ['123456789abcdef'.charAt(index)],
            title: `${one.name}${one.failing ? ' (failing)' : ''}`,
            rank: index,
            run: () => show(one.name, run),
          }),
        ),
    },
  ];
}
