import { useMemo } from 'react';
import { undo } from '../../actions/undo.ts';
import type { UndoEntry } from '../../model/jobs.ts';
import { refText } from '../../model/ref.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { age } from '../../ui/text.ts';
import { act } from '../act.tsx';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { shortKind } from '../short-kind.ts';
import { useNow } from '../use-now.ts';
import { objectView } from '../views.ts';

/** What was there before each of our changes on this cluster, the latest first; ⏎ plans to put it back. */
export function UndoScreen({ store, road, now, ...frame }: PaneProps & Frame) {
  const time = useNow(now);
  const entries = useSnapshot(store, (snapshot) => snapshot.jobs.undo);
  const bindings = useMemo(() => keysOf(road), [road]);
  return (
    <ListScreen<UndoEntry>
      frame={frame}
      name="undo"
      title="Can be taken back"
      state={{ ...paneState(new Map(), [], entries.length, 0), text: 'kept on this machine', glyph: '' }}
      rows={entries}
      id={(row) => row.id}
      text={(row) => `${row.title} ${refText(row.object)} ${row.user}`}
      columns={columns}
      cells={(row) => [age(time - row.at), shortTitle(row), verbs[row.verb], row.user]}
      bindings={bindings}
      none="Nothing was changed here that could be taken back."
    />
  );
}

const columns = [
  { id: 'at', title: 'AGE', min: 4, align: 'right', clock: true },
  { id: 'title', title: 'WHAT WAS DONE', min: 20, grow: true },
  { id: 'verb', title: 'UNDO', min: 12 },
  { id: 'user', title: 'BY', min: 5, max: 28, cut: 'end', drop: 1 },
] as const;

/** The name is what one looks for: its kind gives way. */
function shortTitle({ title, object: { kind } }: UndoEntry): string {
  return title.replace(`${kind} `, `${shortKind(kind)} `);
}

const verbs: Record<UndoEntry['verb'], string> = {
  restore: 'puts it back',
  delete: 'deletes it again',
  create: 'makes it anew',
};

function keysOf(road: PaneProps['road']): readonly Binding<ListKeys<UndoEntry>>[] {
  const none = ({ row }: ListKeys<UndoEntry>) => (row === undefined ? 'there is nothing to take back' : undefined);
  return [
    {
      keys: ['enter'],
      title: 'take it back',
      rank: 1,
      unless: (context) => none(context) ?? road.refusal(),
      run: ({ row, frame }) => row && act(undo, { id: row.id }, { road }, frame),
    },
    {
      keys: ['y'],
      title: 'YAML now',
      rank: 20,
      unless: none,
      run: ({ row, frame }) => row && frame.go(objectView(row.object, 'yaml')),
    },
  ];
}
