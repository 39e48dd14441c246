import { mostPerSlice } from '../../model/slices.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { age } from '../../ui/text.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { useDerived } from '../use-derived.ts';
import { useNow } from '../use-now.ts';
import { verdictKey } from '../verdict-key.ts';
import { mentionsView, objectView } from '../views.ts';
import { columns, type EntryRow, entryCells, entryRows } from './rows.ts';

/** One CiliumEndpointSlice: its entries, each held against the endpoint it was copied from. */
export function SliceScreen({ store, now, ...frame }: PaneProps & Frame) {
  const [name = ''] = frame.args;
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const slice = useSnapshot(store, (snapshot) => snapshot.tables.ciliumEndpointSlices.named('', name));
  const most = useSnapshot(store, mostPerSlice);
  const rows = useDerived(
    store,
    ({ epoch, tables }) =>
      `${epoch} ${tables.ciliumEndpointSlices.version} ${tables.ciliumEndpoints.version} ${tables.ciliumIdentities.version}`,
    (snapshot) => {
      const found = snapshot.tables.ciliumEndpointSlices.named('', name);
      return found === undefined ? [] : entryRows(snapshot, found);
    },
    { dependencies: name },
  );
  const state = paneState(links, ['ciliumEndpointSlices', 'ciliumEndpoints'], rows.length, time);
  return (
    <ListScreen<EntryRow>
      frame={frame}
      name={name}
      title={`Slice ${name}`}
      state={
        slice === undefined && state.phase === 'none'
          ? { ...state, text: 'gone', sentence: `There is no slice ${name} (any more).` }
          : state
      }
      rows={rows}
      id={(row) => row.id}
      text={(row) => `${row.name} ${row.identity} ${row.ip} ${row.node} ${row.remark} ${row.labels}`}
      troubled={(row) => row.remark !== ''}
      columns={columns}
      cells={entryCells}
      above={
        slice === undefined
          ? []
          : [
              [
                {
                  text: ` ${slice.endpointNamespace} · ${slice.endpoints.length} of ${most} · changed ${age(time - slice.changed)} ago by ${slice.manager || 'unknown'} · made ${age(time - slice.created)} ago`,
                  tone: 'dim',
                },
              ],
            ]
      }
      bindings={keys}
    />
  );
}

const refOf = (row: EntryRow) => ({ kind: 'CiliumEndpoint', namespace: row.namespace, name: row.name });

const keys: readonly Binding<ListKeys<EntryRow>>[] = [
  {
    keys: ['enter'],
    title: 'all that mentions it',
    rank: 1,
    unless: ({ row }) => (row === undefined ? 'the slice has no entry here' : undefined),
    run: ({ row, frame }) => row && frame.go(mentionsView(`${row.namespace}/${row.name}`)),
  },
  {
    keys: ['Y'],
    title: 'YAML of the slice',
    rank: 3,
    run: ({ frame }) => frame.go(objectView({ kind: 'CiliumEndpointSlice', name: frame.args[0] ?? '' }, 'yaml')),
  },
  verdictKey<EntryRow>(refOf),
  ...objectKeys<EntryRow>(refOf, { pod: (row) => row, node: (row) => row.node }),
];
