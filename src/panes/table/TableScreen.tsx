import { useEffect, useMemo, useState } from 'react';
import { messageOf } from '../../errors.ts';
import type { ApiResource, Asks, ServerRow } from '../../model/asks.ts';
import { compareText } from '../../model/compare-text.ts';
import type { ObjectRef } from '../../model/ref.ts';
import { useStream } from '../../state/use-stream.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { findResource } from '../resource.ts';
import { useNow } from '../use-now.ts';
import { verdictKey } from '../verdict-key.ts';
import { objectView } from '../views.ts';
import { emptyTable, type FoldedTable, foldTable } from './server-table.ts';
import { scopeText, tableArgs } from './table-args.ts';
import { cellsOf, columnsOf, sortsOf } from './table-columns.ts';
import { type Resolved, tableState } from './table-state.ts';
import { troubledCells } from './troubled-cells.ts';

/** Any kind of the server as a live table by the server's own columns: `:po`, `:svc -n shop`, `:deploy -l app=web`. */
export function TableScreen({ asks, now, ...frame }: PaneProps & Frame) {
  const [word = '', ...rest] = frame.args;
  const time = useNow(now);
  const args = tableArgs(rest, frame.scope);
  const served = useResource(asks, word);
  const found = args.problem === '' ? served : args.problem;
  const resource = typeof found === 'string' ? undefined : found;
  const scope = {
    ...(args.namespace !== '' && resource?.namespaced ? { namespace: args.namespace } : {}),
    ...(args.labelSelector !== '' ? { labelSelector: args.labelSelector } : {}),
    ...(args.fieldSelector !== '' ? { fieldSelector: args.fieldSelector } : {}),
  };
  const key = resource && `${resource.plural}.${resource.group}/${resource.version} ${JSON.stringify(scope)}`;
  const stream = useStream(
    key,
    (signal) => asks.table(resource as ApiResource, scope, signal),
    (table, events) => foldTable(table, events, now()),
    emptyTable,
    pauseMs,
  );
  const folded = stream.value;
  const rows = useMemo(() => inOrder(folded.rows, args.filter), [folded.rows, args.filter]);
  const everywhere = resource?.namespaced === true && args.namespace === '';
  const columns = useMemo(() => columnsOf(folded.columns, everywhere), [folded.columns, everywhere]);
  const sorts = useMemo(() => sortsOf(folded.columns), [folded.columns]);
  const bindings = useMemo(() => keysOf(resource), [resource]);
  return (
    <ListScreen<ServerRow>
      frame={frame}
      name="table"
      title={`${resource ? titleOf(resource) : word} ${resource ? scopeText(args, resource.namespaced) : ''}`.trim()}
      state={tableState(found, word, folded, stream, time)}
      rows={rows}
      id={rowId}
      text={rowText}
      troubled={isTroubled}
      sorts={sorts}
      columns={columns}
      cells={(row) => cellsOf(row, everywhere)}
      bindings={bindings}
      fading={{ gone: folded.gone, changed: (uid) => folded.changed.get(uid), now: time }}
      scope={key ?? word}
    />
  );
}

// The same functions at every drawing: tens of thousands of rows are filtered anew only when they or the filter changed.
const rowId = (row: ServerRow) => row.uid;
const rowText = (row: ServerRow) => `${row.namespace} ${row.cells.join(' ')}`;
const isTroubled = (row: ServerRow) => troubledCells(row.cells).length > 0;

/** Between two drawings of what arrives: nobody reads thousands of rows faster than once a second. */
function pauseMs({ rows }: FoldedTable): number {
  return rows.size > 5_000 ? 1_000 : 200;
}

/** The kind behind the word, a sentence when there is none, undefined while asking. */
function useResource(asks: Asks, word: string): Resolved {
  const [found, setFound] = useState<{ word: string; resource: Resolved }>({ word: '', resource: undefined });
  useEffect(() => {
    const stop = new AbortController();
    const tell = (resource: Resolved) => !stop.signal.aborted && setFound({ word, resource });
    asks.resources(stop.signal).then(
      (resources) =>
        tell(
          findResource(resources, word) ??
            `The server serves no kind called "${word}", or its group does not answer. Tab after : lists those it does.`,
        ),
      (error: unknown) => tell(messageOf(error)),
    );
    return () => stop.abort();
  }, [asks, word]);
  return found.word === word ? found.resource : undefined;
}

function titleOf({ plural, group }: ApiResource): string {
  return group === '' || group === 'apps' ? plural : `${plural}.${group}`;
}

function inOrder(all: FoldedTable['rows'], filter: string): readonly ServerRow[] {
  const wanted = filter.toLowerCase();
  const rows = [...all.values()];
  const left = wanted === '' ? rows : rows.filter((row) => row.cells.join(' ').toLowerCase().includes(wanted));
  return left.sort((a, b) =>
    a.namespace === b.namespace ? compareText(a.name, b.name) : compareText(a.namespace, b.namespace),
  );
}

function keysOf(resource: ApiResource | undefined): readonly Binding<ListKeys<ServerRow>>[] {
  if (resource === undefined) return [];
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const refOf = (row: ServerRow): ObjectRef => ({
    kind,
    name: row.name,
    ...(row.namespace === '' ? {} : { namespace: row.namespace }),
  });
  return [
    {
      keys: ['enter'],
      title: 'describe',
      rank: 1,
      unless: ({ row }) => (row === undefined ? 'there is no object under the cursor' : undefined),
      run: ({ row, frame }) => row && frame.go(objectView(refOf(row), 'describe')),
    },
    verdictKey<ServerRow>(refOf),
    ...objectKeys<ServerRow>(refOf, { pod: (row) => (kind === 'Pod' ? row : undefined) }),
  ];
}
