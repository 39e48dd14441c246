import { useMemo } from 'react';
import type { CiliumEndpointRow } from '../../model/objects/cilium-endpoint.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import { findKey } from '../mentions-key.ts';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { useDerived } from '../use-derived.ts';
import { fadingOf } from '../use-lingering.ts';
import { useNow } from '../use-now.ts';
import { verdictKey } from '../verdict-key.ts';
import { mentionsView } from '../views.ts';
import { endpointCells, endpointColumns, endpointRows, isSick, toldOfSlices } from './endpoint-rows.ts';
import { tabKeys, tabLine } from './tabs.ts';

/** Every CiliumEndpoint; those that are not ready, or that slices have otherwise, first. */
export function CiliumEndpointsScreen({ store, now, ...frame }: PaneProps & Frame) {
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const rows = useDerived(
    store,
    ({ epoch, tables, judgement }) =>
      `${epoch} ${tables.ciliumEndpoints.version} ${[...toldOfSlices({ judgement }).keys()].join()}`,
    (snapshot) => endpointRows(snapshot, frame.scope),
    { dependencies: frame.scope },
  );
  const judgement = useSnapshot(store, (snapshot) => snapshot.judgement);
  const told = useMemo(() => toldOfSlices({ judgement }), [judgement]);
  const table = store.get().tables.ciliumEndpoints;
  return (
    <ListScreen<CiliumEndpointRow>
      frame={frame}
      name="ciliumendpoints"
      filter={frame.args.join(' ')}
      title="Cilium endpoints"
      state={paneState(links, ['ciliumEndpoints'], rows.length, time)}
      rows={rows}
      id={(row) => row.uid}
      text={(row) => `${row.namespace} ${row.name} ${row.state} ${row.identity} ${row.ip} ${row.ip6} ${row.nodeIP}`}
      troubled={(row) => isSick(row) || told.has(`${row.namespace}/${row.name}`)}
      sorts={sorts}
      columns={endpointColumns}
      cells={(row) => endpointCells(row, told.get(`${row.namespace}/${row.name}`) ?? '', time)}
      fading={fadingOf([table], time)}
      scope={frame.scope}
      above={[tabLine(store.get(), 'ciliumendpoints', frame.scope)]}
      bindings={keys}
    />
  );
}

const sorts = [
  { letter: 'n', title: 'name', value: (row: CiliumEndpointRow) => row.name },
  { letter: 'a', title: 'age', value: (row: CiliumEndpointRow) => row.created },
  { letter: 'i', title: 'identity', value: (row: CiliumEndpointRow) => row.identity },
  { letter: 't', title: 'state', value: (row: CiliumEndpointRow) => row.state },
  { letter: 'o', title: 'node', value: (row: CiliumEndpointRow) => row.nodeIP },
] as const;

const refOf = (row: CiliumEndpointRow) => ({ kind: 'CiliumEndpoint', namespace: row.namespace, name: row.name });

const keys: readonly Binding<ListKeys<CiliumEndpointRow>>[] = [
  ...tabKeys<ListKeys<CiliumEndpointRow>>('ciliumendpoints'),
  {
    keys: ['enter'],
    title: 'all that mentions it',
    rank: 1,
    unless: ({ row }) => (row === undefined ? 'no endpoint is under the cursor' : undefined),
    run: ({ row, frame }) => row && frame.go(mentionsView(`${row.namespace}/${row.name}`)),
  },
  findKey<ListKeys<CiliumEndpointRow>>(),
  verdictKey<CiliumEndpointRow>(refOf),
  ...objectKeys<CiliumEndpointRow>(refOf, {
    pod: (row) => row,
  }),
];
