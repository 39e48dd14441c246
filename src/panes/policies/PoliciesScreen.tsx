import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { Snapshot } from '../../model/snapshot.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Frame } from '../../ui/pane.ts';
import { number } from '../../ui/text.ts';
import { type Glyphs, useTheme } from '../../ui/theme.ts';
import { ListScreen } from '../ListScreen.tsx';
import { lastEdit } from '../last-edit.ts';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { type Going, policyKeys } from '../policy-keys.ts';
import { policyKinds } from '../policy-kinds.ts';
import { type Spans, span } from '../spans.ts';
import { useDerived } from '../use-derived.ts';
import { fadingOf } from '../use-lingering.ts';
import { useNow } from '../use-now.ts';
import { columns, force, isTroubled, objectOf, type Policy, policyCells, policyRows, versionOf } from './rows.ts';
import { tabKeys, tabLine } from './tabs.ts';

/** NetworkPolicies, CiliumNetworkPolicies and CiliumClusterwideNetworkPolicies in one list. */
export function PoliciesScreen({ store, asks: _asks, policies, road: _road, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const time = useNow(now);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const judgement = useSnapshot(store, (snapshot) => snapshot.judgement);
  const summaries = useSnapshot(store, (snapshot) => snapshot.policies);
  const listed = useDerived(store, versionOf, (snapshot) => ({ tables: snapshot.tables, at: versionOf(snapshot) }));
  const { scope } = frame;
  const watchedSince = useSnapshot(store, (snapshot) => snapshot.timeline.watchedSince);
  const minute = Math.floor(time / 60_000) * 60_000;
  const rows = useMemo(
    () => policyRows({ tables: listed.tables, policies: summaries, judgement, watchedSince }, scope, minute),
    [listed, summaries, judgement, watchedSince, scope, minute],
  );
  const going = useRef<Going['current']>(undefined);
  useEffect(() => () => going.current?.abort(), []);
  const bindings = useMemo(
    () => [
      ...tabKeys<{ row: Policy | undefined; frame: Frame }>('policies'),
      ...policyKeys<Policy>((row) => row, { policies }, going),
      ...objectKeys<Policy>(objectOf),
    ],
    [policies],
  );
  const cells = useCallback((row: Policy) => policyCells(row, glyphs, time), [glyphs, time]);
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
      id={rowId}
      text={rowText}
      troubled={isTroubled}
      sorts={sorts}
      columns={columns}
      cells={cells}
      fading={fadingOf(
        policyKinds.map(({ id }) => store.get().tables[id]),
        time,
      )}
      scope={scope}
      above={[tabLine(store.get(), 'policies', glyphs), ...withoutForce(rows, glyphs), ...editedUnseen(rows, glyphs)]}
      bindings={bindings}
      none={noneText(links, scope)}
    />
  );
}

const rowId = (row: Policy) => row.uid;
const rowText = (row: Policy) =>
  `${row.short} ${row.kind} ${row.namespace}/${row.name} ${row.subject} ${force(row).text}`;

const sorts = [
  { letter: 'n', title: 'name', value: (row: Policy) => row.name },
  { letter: 'a', title: 'age', value: (row: Policy) => row.created },
  { letter: 'k', title: 'kind', value: (row: Policy) => row.kind },
  { letter: 'p', title: 'pods', value: (row: Policy) => row.summary?.selects ?? -1 },
  { letter: 'f', title: 'findings', value: (row: Policy) => row.found?.count ?? 0 },
  { letter: 'r', title: 'rules', value: (row: Policy) => row.ruleCount },
] as const;

function noneText(links: Snapshot['links'], scope: string): string {
  const where = scope === '' ? '' : ` in ${scope}`;
  const missing = policyKinds.filter(({ id }) => links.get(id)?.phase === 'missing').map(({ short }) => short);
  if (missing.length === 0) return `No policy of any of the three kinds${where}: everything may talk to everything.`;
  return `NetworkPolicy: none${where}; ${missing.join(' and ')} not installed: Kubernetes' own are all there could be.`;
}

/** The first one that protects nothing, and why. */
function withoutForce(rows: readonly Policy[], glyphs: Glyphs): readonly Spans[] {
  const idle = rows.filter((row) => force(row).tone === 'error');
  const [first] = idle;
  if (first === undefined) return [];
  const more = idle.length > 1 ? ` and ${idle.length - 1} more` : '';
  const why = first.summary?.why || first.validMessage || 'the API server does not serve this version of its kind';
  const name = `${first.short} ${first.namespace === '' ? '' : `${first.namespace}/`}${first.name}`;
  return [[span(` ${glyphs.error} ${name}${more} not in force: ${why}`, 'error')]];
}

/** Of an edit that nobody here watched no lint can tell what it newly denies. */
function editedUnseen(rows: readonly Policy[], glyphs: Glyphs): readonly Spans[] {
  const unseen = rows.filter((row) => row.isUnseen).toSorted((a, b) => lastEditAt(b) - lastEditAt(a));
  const [first] = unseen;
  if (first === undefined) return [];
  const more = unseen.length > 1 ? ` and ${number(unseen.length - 1)} more` : '';
  const name = `${first.short} ${first.namespace === '' ? '' : `${first.namespace}/`}${first.name}`;
  const text = ` ${glyphs.unknown} ${name}${more} edited within the hour, before we watched: what that changed is not known`;
  return [[span(text, 'unknown')]];
}

function lastEditAt({ edits }: Policy): number {
  return lastEdit(edits)?.at ?? 0;
}
