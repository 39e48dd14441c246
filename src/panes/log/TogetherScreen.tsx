import { useRef } from 'react';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { createStore, useStore } from '../../ui/store.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { isRead } from '../read-agents.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { useNow } from '../use-now.ts';
import { logsTogether, logView } from '../views.ts';
import { type Candidate, candidates, type LogsOf } from './chosen-logs.ts';
import { LogView } from './LogView.tsx';
import { insteadOf, silenceOf } from './log-state.ts';
import type { LookingContext } from './looking-keys.ts';
import { sinceKey, sinceSeconds } from './since.ts';
import { useLogs, type WantedLog } from './use-logs.ts';

/** So many logs are read at once: each is a connection to the API server and from there to its kubelet. */
const mostAtOnce = 12;
/** Of all of them together, before what is said from now on. */
const mostBefore = 3_000;

/** All agents' logs (or the operator's, or CNS') merged by time; of very many a few at once, the sick first. */
export function TogetherScreen({ store, asks, now, ...frame }: PaneProps & Frame) {
  const [wanted = 'agents', only = '', since = ''] = frame.args;
  const of = logsTogether.find((one) => one === wanted) ?? 'agents';
  const { all, read } = useDerived(
    store,
    anyChange,
    (snapshot) => ({ all: candidates(snapshot, of, only, now()), read: isRead(snapshot, 'systemPods') }),
    { everyMs: 1_000 },
  );
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const fromStore = frame.keep('from', () => createStore(0));
  const from = useStore(fromStore);
  const chosen = useChosen(all, read, `${of} ${only}`, from);
  const seconds = sinceSeconds(since) ?? 0;
  const before = Math.max(50, Math.floor(mostBefore / Math.max(1, chosen.length)));
  const book = useLogs(
    `${of}/${only}/${from}/${seconds}`,
    chosen.map(({ source }): WantedLog => {
      const { namespace, pod, container } = source;
      const far = seconds > 0 ? { sinceSeconds: seconds } : { tailLines: before };
      return { source, open: (signal) => asks.logs({ namespace, pod, container, follow: true, ...far }, signal) };
    }),
  );
  const part =
    all.length > chosen.length
      ? `${from + 1}–${from + chosen.length} of ${all.length}${frame.width < 100 ? '' : ', sick first'}`
      : `all ${all.length}`;
  const keys: readonly Binding<LookingContext>[] = [
    {
      keys: ['m'],
      title: 'the next ones',
      word: 'next',
      rank: 5,
      applies: () => all.length > mostAtOnce,
      run: () => fromStore.update((first) => (first + mostAtOnce >= all.length ? 0 : first + mostAtOnce)),
    },
    {
      keys: ['l'],
      title: 'its own log',
      rank: 3,
      unless: ({ row }) => (row() === undefined ? 'there is no line' : undefined),
      run({ row, frame: { go } }) {
        const source = book.sources[row()?.source ?? -1];
        if (source !== undefined) go(logView(source.namespace, source.pod, source.container));
      },
    },
    sinceKey(since, (next) => frame.become([of, only, next])),
  ];
  return (
    <LogView
      frame={frame}
      title={titles[of]}
      about={[all.length === 0 ? '' : part, only === '' ? '' : `of ${only}`, seconds > 0 ? `since ${since}` : '']}
      book={book}
      instead={insteadOf(all.length, read, paneState(links, ['systemPods'], 1, time), nothing(of, only))}
      finite={false}
      now={time}
      silent={silenceOf(links, time)}
      keys={keys}
    />
  );
}

const titles: Readonly<Record<LogsOf, string>> = {
  agents: 'Logs of agents',
  operator: 'Logs of the operator',
  cns: 'Logs of CNS',
};

function nothing(of: LogsOf, only: string): string {
  const what = of === 'agents' ? 'agent' : of === 'operator' ? 'operator' : 'CNS pod';
  return only === ''
    ? `There is no ${what} pod whose log could be read.`
    : `No ${what} pod is on a node, or of a name, with "${only}".`;
}

/**
 * Chosen once: agents that fall ill or recover must not begin or end logs that one reads. What is gone makes room for what
 * took its place.
 */
function useChosen(all: readonly Candidate[], read: boolean, subject: string, from: number): readonly Candidate[] {
  const kept = useRef<{ subject: string; places: readonly string[] }>({ subject: '', places: [] });
  const key = `${subject} ${from} ${read}`;
  if (kept.current.subject !== key)
    kept.current = { subject: key, places: all.slice(from, from + mostAtOnce).map(({ place }) => place) };
  const there = new Map(all.map((one) => [one.place, one]));
  const places = new Set(kept.current.places.filter((place) => there.has(place)));
  if (from === 0) for (const { place } of all) if (places.size < mostAtOnce) places.add(place);
  kept.current = { ...kept.current, places: [...places] };
  return [...places].flatMap((place) => there.get(place) ?? []);
}
