import { useEffect, useMemo, useState } from 'react';
import { messageOf } from '../../errors.ts';
import type { ApiResource, Asks, ServerRow } from '../../model/asks.ts';
import type { ObjectRef } from '../../model/ref.ts';
import { useStream } from '../../state/use-stream.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { findResource } from '../resource.ts';
import { useNow } from '../use-now.ts';
import { objectView } from '../views.ts';
import { emptyTable, type FoldedTable, foldTable, type TableColumn } from './server-table.ts';
import { scopeText, tableArgs } from './table-args.ts';
import { troubledCells } from './troubled-cells.ts';

/** Any kind of the server as a live table by the server's own columns: `:po`, `:svc -n shop`, `:deploy -l app=web`. */
export function TableScreen({ asks, now, ...frame }: PaneProps & Frame) {
  const [word = '', ...rest] = frame.args;
  const time = useNow(now);
  const args = tableArgs(rest, frame.scope);
  const found = useResource(asks, word);
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
    200,
  );
  const folded = stream.value;
  const rows = useMemo(() => inOrder(folded), [folded]);
  const everywhere = resource?.namespaced === true && args.namespace === '';
  const columns = useMemo(() => columnsOf(folded.columns, everywhere), [folded.columns, everywhere]);
  const bindings = useMemo(() => keysOf(resource), [resource]);
  const filtered =
    args.filter === ''
      ? rows
      : rows.filter((row) => row.cells.join(' ').toLowerCase().includes(args.filter.toLowerCase()));
  return (
    <ListScreen<ServerRow>
      frame={frame}
      name="table"
      title={`${resource ? titleOf(resource) : word} ${resource ? scopeText(args, resource.namespaced) : ''}`.trim()}
      state={stateOf(found, word, folded, stream.phase, stream.problem)}
      rows={filtered}
      id={(row) => row.uid}
      text={(row) => `${row.namespace} ${row.cells.join(' ')}`}
      troubled={(row) => troubledCells(row.cells).length > 0}
      sorts={sortsOf(folded.columns)}
      columns={columns}
      cells={(row) => cellsOf(row, everywhere)}
      bindings={bindings}
      fading={{ gone: folded.gone, changed: (uid) => folded.changed.get(uid), now: time }}
      scope={key ?? word}
    />
  );
}

type Resolved = ApiResource | string | undefined;

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
            `The server serves no kind called "${word}". Tab after : lists those it does.`,
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

function inOrder({ rows }: FoldedTable): readonly ServerRow[] {
  return [...rows.values()].sort((a, b) =>
    a.namespace === b.namespace ? compare(a.name, b.name) : compare(a.namespace, b.namespace),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function columnsOf(columns: readonly TableColumn[], everywhere: boolean): readonly Column[] {
  const own = columns.map(
    (column, index): Column => ({
      id: `${index}`,
      title: column.name.toUpperCase(),
      min: index === 0 ? 12 : 3,
      max: index === 0 ? 60 : 50,
      align: column.number ? 'right' : 'left',
      cut: /name|node|pod|image/i.test(column.name) ? 'middle' : 'end',
      ...(column.wide && { wideOnly: true }),
      ...(/^(age|duration|last schedule|last seen|since)$/i.test(column.name) && { clock: true }),
      // The server's first columns are the ones its authors thought matter; the age tells most for its width.
      ...(index > 2 && column.name !== 'Age' && { drop: index }),
    }),
  );
  return everywhere ? [{ id: 'namespace', title: 'NAMESPACE', min: 6, max: 24 }, ...own] : own;
}

function cellsOf(row: ServerRow, everywhere: boolean): readonly Cell[] {
  const troubled = new Set(troubledCells(row.cells));
  const cells = row.cells.map((text, index): Cell => (troubled.has(index) ? { text, tone: 'error' } : text));
  return everywhere ? [row.namespace, ...cells] : cells;
}

function sortsOf(columns: readonly TableColumn[]) {
  const letters = new Set<string>();
  return columns.flatMap((column, index) => {
    const letter = [...column.name.toLowerCase()].find((one) => /[a-z]/.test(one) && !letters.has(one));
    if (letter === undefined) return [];
    letters.add(letter);
    const value = (row: ServerRow) => {
      if (column.name === 'Age') return row.created;
      const cell = row.cells[index] ?? '';
      return column.number ? Number.parseFloat(cell) || 0 : cell;
    };
    return [{ letter, title: column.name.toLowerCase(), value }];
  });
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
    ...objectKeys<ServerRow>(refOf, { pod: (row) => (kind === 'Pod' ? row : undefined) }),
  ];
}

function stateOf(
  found: Resolved,
  word: string,
  folded: FoldedTable,
  phase: string,
  problem: string | undefined,
): PaneState {
  if (found === undefined)
    return {
      ...calm,
      phase: 'connecting',
      glyph: 'progress',
      text: 'asking what the server serves',
      tone: 'progress',
      sentence: `Looking for ${word}.`,
    };
  if (typeof found === 'string')
    return { ...calm, phase: 'missing', glyph: 'unknown', text: 'unknown', tone: 'unknown', sentence: found };
  if (phase === 'failed')
    return { ...calm, phase: 'failed', glyph: 'error', text: 'failed', tone: 'error', sentence: problem ?? '' };
  const sentence = folded.problem;
  switch (folded.phase) {
    case 'loading':
      return {
        ...calm,
        phase: 'loading',
        glyph: 'progress',
        text: `loading ${folded.rows.size}`,
        tone: 'progress',
        sentence: `Reading ${found.plural}.`,
      };
    case 'live':
      return folded.rows.size > 0
        ? { ...calm, phase: 'live', glyph: 'ok', text: 'live', tone: 'ok', sentence: '' }
        : {
            ...calm,
            phase: 'none',
            glyph: 'ok',
            text: 'none',
            tone: 'dim',
            sentence: `There are no ${found.plural} here.`,
          };
    case 'stale':
      return { ...calm, phase: 'stale', glyph: 'warning', text: 'stale', tone: 'warning', sentence, old: true };
    case 'forbidden':
      return {
        ...calm,
        phase: 'forbidden',
        glyph: 'unknown',
        text: `forbidden: list ${found.plural}`,
        tone: 'unknown',
        sentence,
      };
    case 'missing':
      return { ...calm, phase: 'missing', glyph: 'unknown', text: 'not installed', tone: 'unknown', sentence };
    case 'failed':
      return { ...calm, phase: 'failed', glyph: 'error', text: 'failed', tone: 'error', sentence };
  }
}

const calm = { old: false } as const;
