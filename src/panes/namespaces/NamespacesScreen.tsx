import { useEffect } from 'react';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { useDerived } from '../use-derived.ts';
import { useNow } from '../use-now.ts';
import { columns, type NamespaceChoice, namespaceCells, namespaceRows } from './rows.ts';

/** Narrows the screens to one namespace: `:ns shop` at once, `:ns` by choice, `:ns all` widens again. The verdict is never narrowed. */
export function NamespacesScreen({ store, now, ...frame }: PaneProps & Frame) {
  const time = useNow(now, 5_000);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const [wanted] = frame.args;
  const rows = useDerived(
    store,
    ({ epoch, tables }) =>
      `${epoch} ${tables.namespaces.version} ${tables.pods.version} ${tables.ciliumEndpoints.version}`,
    namespaceRows,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per name that was typed
  useEffect(() => {
    if (wanted !== undefined) narrow(frame, wanted === 'all' || wanted === '-' ? '' : wanted, rows);
  }, [wanted]);
  return (
    <ListScreen<NamespaceChoice>
      frame={frame}
      name="namespaces"
      title="Namespaces"
      state={paneState(links, ['namespaces'], rows.length, time)}
      rows={rows}
      id={(row) => row.name}
      text={(row) => row.name}
      troubled={(row) => row.stuck > 0}
      sorts={sorts}
      columns={columns}
      cells={(row) => namespaceCells(row, frame.scope, time)}
      bindings={keys}
    />
  );
}

const sorts = [
  { letter: 'n', title: 'name', value: (row: NamespaceChoice) => row.name },
  { letter: 'p', title: 'pods', value: (row: NamespaceChoice) => row.pods },
  { letter: 'c', title: 'pods being created', value: (row: NamespaceChoice) => row.stuck },
] as const;

const keys: readonly Binding<ListKeys<NamespaceChoice>>[] = [
  {
    keys: ['enter'],
    title: 'narrow the screens to it',
    rank: 1,
    unless: ({ row }) => (row === undefined ? 'no namespace is under the cursor' : undefined),
    run: ({ row, frame }) => row && narrow(frame, row.name, undefined),
  },
];

function narrow(frame: Frame, scope: string, known: readonly NamespaceChoice[] | undefined): void {
  frame.setScope(scope);
  frame.back();
  const unknown = known !== undefined && known.length > 1 && !known.some((row) => row.name === scope);
  if (unknown) frame.flash(`no namespace ${scope} is seen; showing it anyway, :ns all widens again`, 'warning');
  else
    frame.flash(
      scope === '' ? 'showing all namespaces' : `showing ${scope} only, :ns all widens again; the verdict is of all`,
    );
}
