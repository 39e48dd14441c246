import { useEffect } from 'react';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { useDerived } from '../use-derived.ts';
import { useNow } from '../use-now.ts';
import { NamespaceScreen } from './NamespaceScreen.tsx';
import { columns, type NamespaceChoice, namespaceCells, namespaceRows } from './rows.ts';

/**
 * `:ns` lists the namespaces, `:ns shop` narrows the screens to one and is its page, `:ns all` widens them again. The
 * verdict is never narrowed.
 */
export function NamespacesScreen({ store, asks, road, policies, desk, now, ...frame }: PaneProps & Frame) {
  const [typed] = frame.args;
  const wanted = typed === '-' ? 'all' : typed;
  const narrowed = frame.keep('narrowed', () => new Set<string>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per name that was typed
  useEffect(() => {
    if (wanted === undefined) return;
    if (!narrowed.has(wanted)) {
      narrowed.add(wanted);
      narrow(frame, wanted);
    } else if (frame.scope !== wanted) {
      // Come back to after the screens were widened, or narrowed to another: that is not to be undone.
      frame.become([]);
    }
  }, [wanted]);
  return wanted === undefined || wanted === 'all' ? (
    <NamespaceList {...{ store, asks, road, policies, desk, now }} frame={frame} />
  ) : (
    <NamespaceScreen {...{ store, asks, road, policies, desk, now }} namespace={wanted} frame={frame} />
  );
}

function NamespaceList({ store, now, frame }: PaneProps & Readonly<{ frame: Frame }>) {
  const time = useNow(now, 5_000);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const rows = useDerived(
    store,
    ({ epoch, tables }) =>
      `${epoch} ${tables.namespaces.version} ${tables.pods.version} ${tables.ciliumEndpoints.version}`,
    namespaceRows,
  );
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
    title: 'its page, screens narrowed',
    rank: 1,
    unless: ({ row }) => (row === undefined ? 'no namespace is under the cursor' : undefined),
    run: ({ row, frame }) => row && frame.go({ pane: 'namespaces', args: [row.name || 'all'] }),
  },
];

function narrow(frame: Frame, wanted: string): void {
  const scope = wanted === 'all' ? '' : wanted;
  if (scope === frame.scope && scope !== '') return;
  frame.setScope(scope);
  if (scope === '') frame.back();
  frame.flash(
    scope === '' ? 'showing all namespaces' : `showing ${scope} only, :ns all widens again; the verdict is of all`,
  );
}
