import { useMemo } from 'react';
import type { PolicyRef } from '../../model/policies/rule.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import type { Span } from '../../ui/theme.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { policyActions } from '../policy-actions.ts';
import { useDerived } from '../use-derived.ts';
import { fadingOf } from '../use-lingering.ts';
import { useNow } from '../use-now.ts';
import { objectView } from '../views.ts';
import { columns, isRejected, type Policy, policyCells, policyKinds, policyRows } from './rows.ts';

/** NetworkPolicies, CiliumNetworkPolicies and CiliumClusterwideNetworkPolicies in one list. */
export function PoliciesScreen({ store, road, now, ...frame }: PaneProps & Frame) {
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const bindings = useMemo(() => [...keys, policyActions(policyRefOf, road)], [road]);
  const rows = useDerived(
    store,
    ({ epoch, tables }) => [epoch, ...policyKinds.map(({ id }) => tables[id].version)].join(' '),
    (snapshot) => policyRows(snapshot, frame.scope),
    { dependencies: frame.scope },
  );
  return (
    <ListScreen<Policy>
      frame={frame}
      name="policies"
      filter={frame.args.join(' ')}
      title="Policies"
      state={paneState(
        links,
        policyKinds.map(({ id }) => id),
        rows.length,
        time,
      )}
      rows={rows}
      id={(row) => row.uid}
      text={(row) => `${row.short} ${row.kind} ${row.namespace} ${row.name} ${row.subject}`}
      troubled={isRejected}
      sorts={sorts}
      columns={columns}
      cells={(row) => policyCells(row, time)}
      fading={fadingOf(
        policyKinds.map(({ id }) => store.get().tables[id]),
        time,
      )}
      scope={frame.scope}
      above={rejectedLine(rows)}
      bindings={bindings}
      none={noneText(links, frame.scope)}
    />
  );
}

function noneText(links: Snapshot['links'], scope: string): string {
  const where = scope === '' ? '' : ` in ${scope}`;
  const missing = policyKinds.filter(({ id }) => links.get(id)?.phase === 'missing').map(({ short }) => short);
  if (missing.length === 0) return `No policy of any of the three kinds${where}: everything may talk to everything.`;
  return `NetworkPolicy: none${where}; ${missing.join(' and ')} not installed: Kubernetes' own are all there could be.`;
}

const sorts = [
  { letter: 'n', title: 'name', value: (row: Policy) => row.name },
  { letter: 'a', title: 'age', value: (row: Policy) => row.created },
  { letter: 'k', title: 'kind', value: (row: Policy) => row.kind },
  { letter: 'r', title: 'rules', value: (row: Policy) => row.ruleCount },
] as const;

const refOf = (row: Policy): ObjectRef => ({
  kind: row.kind,
  name: row.name,
  ...(row.namespace === '' ? {} : { namespace: row.namespace }),
});

const policyRefOf = ({ kind, namespace, name }: Policy): PolicyRef => ({
  kind: kind as PolicyRef['kind'],
  namespace,
  name,
});

const keys: readonly Binding<ListKeys<Policy>>[] = [
  {
    keys: ['enter'],
    title: 'YAML',
    rank: 1,
    unless: ({ row }) => (row === undefined ? 'there is no policy under the cursor' : undefined),
    run: ({ row, frame }) => row && frame.go(objectView(refOf(row), 'yaml')),
  },
  {
    keys: ['v'],
    title: 'why',
    unless: () => 'verdicts and lint are not part of this version; ⏎ shows the policy itself',
    run: () => {},
  },
  ...objectKeys<Policy>(refOf),
];

function rejectedLine(rows: readonly Policy[]): readonly (readonly Span[])[] {
  const rejected = rows.filter(isRejected);
  const [first] = rejected;
  if (first === undefined) return [];
  const more = rejected.length > 1 ? ` and ${rejected.length - 1} more` : '';
  return [
    [
      {
        text: ` ${first.short} ${first.namespace}/${first.name}${more} rejected, so not enforced: ${first.validMessage || 'no reason given'}`,
        tone: 'error',
      },
    ],
  ];
}
