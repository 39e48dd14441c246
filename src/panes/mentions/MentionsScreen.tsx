import { useEffect, useRef } from 'react';
import { readSearch } from '../../model/mentions.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { type Screen, useScreen } from '../../ui/screen.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { useDerived } from '../use-derived.ts';
import { useNow } from '../use-now.ts';
import { verdictKey } from '../verdict-key.ts';
import { objectView, sliceView } from '../views.ts';
import { columns, type MentionRow, mentionCells, mentionRows } from './rows.ts';

/** Every object that mentions an address, a pod or an identity, and where they contradict each other. */
export function MentionsScreen({ store, now, ...frame }: PaneProps & Frame) {
  const text = frame.args.join(' ');
  const screen = useScreen();
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const rows = useDerived(
    store,
    ({ epoch, tables }) =>
      `${epoch} ${tables.pods.version} ${tables.ciliumEndpoints.version} ${tables.ciliumEndpointSlices.version} ${tables.services.version}`,
    (snapshot) => mentionRows(snapshot, text),
    { dependencies: text },
  );
  const asked = useRef(false);
  useEffect(() => {
    if (text !== '' || asked.current) return;
    asked.current = true;
    askFor(screen, frame);
  });
  return (
    <ListScreen<MentionRow>
      frame={frame}
      name={`mentions ${text}`}
      title={text === '' ? 'Find' : `Mentions of ${meaning(text)}`}
      state={paneState(links, ['pods', 'ciliumEndpoints', 'ciliumEndpointSlices'], 1, time)}
      rows={rows}
      id={(row) => row.id}
      text={(row) => `${row.object.kind} ${row.object.namespace ?? ''} ${row.object.name} ${row.remark} ${row.detail}`}
      troubled={(row) => row.remark !== ''}
      columns={columns}
      cells={mentionCells}
      bindings={[again(screen), ...keys]}
      none={
        text === ''
          ? 'i asks for an address, a pod (namespace/name) or an identity number.'
          : `Nothing we watch mentions ${text}.`
      }
    />
  );
}

function meaning(text: string): string {
  const search = readSearch(text);
  if (search === undefined) return text;
  return search.type === 'ip'
    ? `address ${search.ip}`
    : search.type === 'identity'
      ? `identity ${search.id}`
      : `pod ${text}`;
}

function askFor(screen: Screen, frame: Frame): void {
  screen.ask({
    sign: 'find address, pod or identity: ',
    onDone: (typed) => (typed.trim() === '' ? undefined : frame.become([typed.trim()])),
  });
}

function again(screen: Screen): Binding<ListKeys<MentionRow>> {
  return { keys: ['i'], title: 'find another', rank: 6, run: ({ frame }) => askFor(screen, frame) };
}

const keys: readonly Binding<ListKeys<MentionRow>>[] = [
  {
    keys: ['enter'],
    title: 'open',
    rank: 1,
    unless: ({ row }) => (row === undefined ? 'nothing is under the cursor' : undefined),
    run: ({ row, frame }) =>
      row &&
      frame.go(row.kind === 'ciliumEndpointSlices' ? sliceView(row.object.name) : objectView(row.object, 'describe')),
  },
  verdictKey<MentionRow>((row) => row.object),
  ...objectKeys<MentionRow>((row) => row.object, {
    pod: (row) =>
      row.kind === 'pods' || row.kind === 'ciliumEndpoints'
        ? { namespace: row.object.namespace ?? '', name: row.object.name }
        : undefined,
  }),
];
