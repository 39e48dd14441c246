import { useMemo, useRef } from 'react';
import type { DropEvent } from '../../model/agent-says/agent-says.ts';
import { packetEnd } from '../../model/packet-end.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import { type Heard, useStreams } from '../../state/use-streams.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { createStore, useStore } from '../../ui/store.ts';
import { useTheme } from '../../ui/theme.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { isRead } from '../read-agents.ts';
import { askedAgent, type RunningAgent, runningAgents } from '../running-agents.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { useNow } from '../use-now.ts';
import { verdictView } from '../views.ts';
import { type DropGroup, type DropItem, foldDrops, noDrops } from './drop-groups.ts';
import { aboveLines, dropCells, dropColumns, dropText, listeningState } from './drop-rows.ts';

/** One of the commands that may run at once is left for whatever else is asked. */
const usuallyAtOnce = 4;

/** Packets that agents drop just now, as they tell it themselves: `:drops [NODE…]`. A sample, and said to be one. */
export function DropsScreen({ store, asks, now, ...frame }: PaneProps & Frame) {
  const theme = useTheme();
  const time = useNow(now);
  const names = frame.args.join(' ');
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const atOnce = useSnapshot(store, ({ requests }) => requests.commands?.atOnce ?? usuallyAtOnce);
  const { all, read } = useDerived(
    store,
    anyChange,
    (snapshot) => ({ all: runningAgents(snapshot, frame.args, now()), read: isRead(snapshot, 'systemPods') }),
    { everyMs: 1_000, dependencies: names },
  );
  const most = Math.max(1, atOnce - 1);
  const fromStore = frame.keep('from', () => createStore(0));
  const from = useStore(fromStore);
  const chosen = useChosen(all, read, `${names} ${from} ${most}`, from, most);
  const again = frame.keep('again', () => createStore(0));
  const book = useStreams<DropEvent, typeof noDrops>(
    `${names} ${from} ${useStore(again)}`,
    chosen.map((agent) => ({ key: agent.node, open: (signal) => asks.drops(askedAgent(agent), signal) })),
    (before, heard) =>
      foldDrops(
        before,
        heard.flatMap((one) => itemOf(one, now())),
        (address, identity) => packetEnd(store.get(), address, identity),
      ),
    () => noDrops,
    200,
  );
  const rows = useMemo(
    () => [...book.groups.values()].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1)),
    [book],
  );
  const state = read
    ? listeningState(book, chosen, all.length, names)
    : paneState(links, ['systemPods'], rows.length, time);
  const { columns, cells } = useMemo(
    () => ({ columns: dropColumns(frame.width), cells: (row: DropGroup) => dropCells(row, theme, time, frame.width) }),
    [theme, time, frame.width],
  );
  const bindings: readonly Binding<ListKeys<DropGroup>>[] = [
    ...keys,
    {
      keys: ['m'],
      title: 'listen to the next nodes',
      word: 'next',
      rank: 5,
      unless: () => (all.length <= most ? 'every node there is is listened to' : undefined),
      run: () => fromStore.update((first) => (first + most >= all.length ? 0 : first + most)),
    },
    { keys: ['ctrl-r'], title: 'count anew', rank: 30, run: () => again.update((count) => count + 1) },
  ];
  return (
    <ListScreen<DropGroup>
      frame={frame}
      name={`drops ${names}`}
      title="Live drops"
      about={all.length === 0 ? '' : `${chosen.length} of ${all.length} nodes`}
      state={state}
      rows={rows}
      id={(row) => row.id}
      text={dropText}
      sorts={sorts}
      columns={columns}
      cells={cells}
      bindings={bindings}
      above={aboveLines(book, chosen, theme, frame.width)}
      none={
        book.heard.size === 0
          ? 'Not begun yet.'
          : 'No packet was dropped on these nodes since this began. m listens to other nodes; :drops NODE to one.'
      }
    />
  );
}

function itemOf(heard: Heard<DropEvent>, at: number): DropItem[] {
  if (heard.type === 'began') return [];
  const event = heard.type === 'item' ? heard.item : { type: 'failed' as const, text: heard.text };
  return [{ node: heard.key, at, event }];
}

/** Those that drop most by their own counters first, then the sick; chosen once, so that counts are of the same nodes. */
function useChosen(
  all: readonly RunningAgent[],
  read: boolean,
  subject: string,
  from: number,
  most: number,
): readonly RunningAgent[] {
  const kept = useRef<{ subject: string; nodes: readonly string[] }>({ subject: '', nodes: [] });
  const key = `${subject} ${read} ${all.length > 0}`;
  if (kept.current.subject !== key) {
    const order = all.toSorted(
      (a, b) => b.dropsPerSecond - a.dropsPerSecond || Number(b.sick) - Number(a.sick) || (a.node < b.node ? -1 : 1),
    );
    kept.current = { subject: key, nodes: order.slice(from, from + most).map(({ node }) => node) };
  }
  return kept.current.nodes.flatMap((node) => all.find((agent) => agent.node === node) ?? []);
}

const sorts = [
  { letter: 'c', title: 'count', value: (row: DropGroup) => row.count },
  { letter: 'f', title: 'from', value: (row: DropGroup) => row.from.name },
  { letter: 't', title: 'to', value: (row: DropGroup) => row.to.name },
  { letter: 'l', title: 'last', value: (row: DropGroup) => row.last },
  { letter: 'r', title: 'reason', value: (row: DropGroup) => row.reason },
];

const keys: readonly Binding<ListKeys<DropGroup>>[] = [
  {
    keys: ['v', 'enter'],
    title: 'why: the verdict',
    rank: 1,
    unless({ row }) {
      if (row === undefined) return 'there is no drop';
      return row.from.asked === '' || row.to.asked === '' ? 'one of its ends is not known' : undefined;
    },
    run({ row, frame }) {
      if (row === undefined) return;
      const port = row.port > 0 && row.protocol !== '' ? `${row.port}/${row.protocol}` : '';
      frame.go(verdictView(row.from.asked, row.to.asked, port));
    },
  },
  ...objectKeys<DropGroup>((row) => (row.ingress === true ? row.to.ref : (row.from.ref ?? row.to.ref))),
];
