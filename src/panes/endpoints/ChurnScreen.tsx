import { useMemo } from 'react';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import { findKey } from '../mentions-key.ts';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { useNow } from '../use-now.ts';
import { verdictKey } from '../verdict-key.ts';
import { mentionsView, objectView, sliceView } from '../views.ts';
import { churnLines, type StreamRow, streamCells, streamColumns, streamRows } from './churn-rows.ts';
import { tabKeys, tabLine } from './tabs.ts';

/** What comes and goes: pace, lag, and the stream of changes, newest first. */
export function ChurnScreen({ store, now, ...frame }: PaneProps & Frame) {
  const theme = useTheme();
  const time = useNow(now);
  const churn = useSnapshot(store, (snapshot) => snapshot.churn);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const facts = useSnapshot(store, (snapshot) => snapshot.facts);
  const rows = useMemo(() => streamRows(churn, frame.scope), [churn, frame.scope]);
  const state = paneState(links, ['ciliumEndpoints', 'ciliumEndpointSlices', 'endpointSlices', 'pods'], 1, time);
  return (
    <ListScreen<StreamRow>
      frame={frame}
      name="churn"
      filter={frame.args.join(' ')}
      title="Endpoint changes"
      state={state}
      rows={rows}
      id={(row) => row.id}
      text={(row) => `${row.what} ${row.namespace} ${row.name} ${row.detail}`}
      columns={streamColumns}
      cells={streamCells}
      above={[
        tabLine(store.get(), 'endpoints', frame.scope),
        ...churnLines(churn, theme, frame.width, time, { links, facts }),
      ]}
      scope={frame.scope}
      bindings={keys}
      stream
      none="Nothing has come or gone since we connected."
    />
  );
}

const isSlice = (row: StreamRow) => row.what.startsWith('slice-');
const isService = (row: StreamRow) => row.what.startsWith('service-');
const refOf = (row: StreamRow) =>
  isSlice(row)
    ? { kind: 'CiliumEndpointSlice', name: row.name }
    : { kind: isService(row) ? 'EndpointSlice' : 'CiliumEndpoint', namespace: row.namespace, name: row.name };

const keys: readonly Binding<ListKeys<StreamRow>>[] = [
  ...tabKeys<ListKeys<StreamRow>>('endpoints'),
  {
    keys: ['enter'],
    title: 'open',
    rank: 1,
    unless: ({ row }) => (row === undefined ? 'nothing is under the cursor' : undefined),
    run: ({ row, frame }) =>
      row &&
      frame.go(
        isSlice(row)
          ? sliceView(row.name)
          : isService(row)
            ? objectView(refOf(row), 'describe')
            : mentionsView(`${row.namespace}/${row.name}`),
      ),
  },
  findKey<ListKeys<StreamRow>>(),
  verdictKey<StreamRow>(refOf),
  ...objectKeys<StreamRow>(refOf, { pod: (row) => (isSlice(row) || isService(row) ? undefined : row) }),
];
