import type { EndpointSliceRow } from '../../model/objects/others.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { useDerived } from '../use-derived.ts';
import { fadingOf } from '../use-lingering.ts';
import { useNow } from '../use-now.ts';
import { verdictKey } from '../verdict-key.ts';
import { objectView } from '../views.ts';
import { inScope, kubernetesCells, kubernetesColumns } from './endpoint-rows.ts';
import { tabKeys, tabLine } from './tabs.ts';

/** The EndpointSlices of Kubernetes: what services send traffic to. */
export function KubernetesSlicesScreen({ store, now, ...frame }: PaneProps & Frame) {
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const rows = useDerived(
    store,
    (snapshot) => `${snapshot.epoch} ${snapshot.tables.endpointSlices.version}`,
    (snapshot) => inScope(snapshot.tables.endpointSlices, frame.scope),
    { dependencies: frame.scope },
  );
  const table = store.get().tables.endpointSlices;
  return (
    <ListScreen<EndpointSliceRow>
      frame={frame}
      name="endpointslices"
      filter={frame.args.join(' ')}
      title="Kubernetes endpoint slices"
      state={paneState(links, ['endpointSlices'], rows.length, time)}
      rows={rows}
      id={(row) => row.uid}
      text={(row) =>
        `${row.namespace} ${row.service} ${row.name} ${row.endpoints.map((endpoint) => endpoint.ip).join(' ')}`
      }
      troubled={(row) => row.endpoints.every((endpoint) => !endpoint.ready)}
      sorts={sorts}
      columns={kubernetesColumns}
      cells={(row) => kubernetesCells(row, time)}
      fading={fadingOf([table], time)}
      scope={frame.scope}
      above={[tabLine(store.get(), 'endpointslices', frame.scope)]}
      bindings={keys}
    />
  );
}

const sorts = [
  { letter: 'n', title: 'service', value: (row: EndpointSliceRow) => row.service },
  { letter: 'e', title: 'endpoints', value: (row: EndpointSliceRow) => row.endpoints.length },
  { letter: 'c', title: 'change', value: (row: EndpointSliceRow) => row.changed },
] as const;

const refOf = (row: EndpointSliceRow) => ({ kind: 'EndpointSlice', namespace: row.namespace, name: row.name });

/** A slice has no connections; what it is a part of has. */
const serviceOf = (row: EndpointSliceRow) =>
  row.service === '' ? refOf(row) : { kind: 'Service', namespace: row.namespace, name: row.service };

const keys: readonly Binding<ListKeys<EndpointSliceRow>>[] = [
  ...tabKeys<ListKeys<EndpointSliceRow>>('endpointslices'),
  {
    keys: ['enter'],
    title: 'describe',
    rank: 1,
    unless: ({ row }) => (row === undefined ? 'no slice is under the cursor' : undefined),
    run: ({ row, frame }) => row && frame.go(objectView(refOf(row), 'describe')),
  },
  verdictKey<EndpointSliceRow>(serviceOf),
  ...objectKeys<EndpointSliceRow>(refOf),
];
