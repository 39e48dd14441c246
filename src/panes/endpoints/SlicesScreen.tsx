import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import { findKey } from '../mentions-key.ts';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { useDerived } from '../use-derived.ts';
import { fadingOf } from '../use-lingering.ts';
import { useNow } from '../use-now.ts';
import { sliceView } from '../views.ts';
import { type SliceRow, sliceCells, sliceColumns, sliceRows, sliceVersion } from './slice-rows.ts';
import { tabKeys, tabLine } from './tabs.ts';

/** Every CiliumEndpointSlice: how full, how fresh, and how many of its entries differ from their endpoints. */
export function SlicesScreen({ store, now, ...frame }: PaneProps & Frame) {
  const theme = useTheme();
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const rows = useDerived(store, sliceVersion, (snapshot) => sliceRows(snapshot, frame.scope), {
    dependencies: frame.scope,
  });
  const table = store.get().tables.ciliumEndpointSlices;
  return (
    <ListScreen<SliceRow>
      frame={frame}
      name="slices"
      filter={frame.args.join(' ')}
      title="Endpoint slices"
      state={paneState(links, ['ciliumEndpointSlices', 'ciliumEndpoints'], rows.length, time)}
      rows={rows}
      id={(row) => row.uid}
      text={(row) => `${row.endpointNamespace} ${row.name} ${row.manager}`}
      troubled={(row) => row.suspect}
      sorts={sorts}
      columns={sliceColumns}
      cells={(row) => sliceCells(row, store.get(), theme, time)}
      fading={fadingOf([table], time)}
      scope={frame.scope}
      above={[tabLine(store.get(), 'slices', frame.scope)]}
      bindings={keys}
      none="No CiliumEndpointSlice: the operator writes none on this cluster (Kubernetes below 1.32, or slices are off)."
    />
  );
}

const sorts = [
  { letter: 'n', title: 'namespace', value: (row: SliceRow) => row.endpointNamespace },
  { letter: 'd', title: 'differing entries', value: (row: SliceRow) => row.differs ?? 0 },
  { letter: 'e', title: 'fill', value: (row: SliceRow) => row.endpoints.length },
  { letter: 'c', title: 'change', value: (row: SliceRow) => row.changed },
  { letter: 'a', title: 'age', value: (row: SliceRow) => row.created },
] as const;

const keys: readonly Binding<ListKeys<SliceRow>>[] = [
  ...tabKeys<ListKeys<SliceRow>>('slices'),
  {
    keys: ['enter'],
    title: 'its entries',
    rank: 1,
    unless: ({ row }) => (row === undefined ? 'no slice is under the cursor' : undefined),
    run: ({ row, frame }) => row && frame.go(sliceView(row.name)),
  },
  findKey<ListKeys<SliceRow>>(),
  ...objectKeys<SliceRow>((row) => ({ kind: 'CiliumEndpointSlice', name: row.name })),
];
