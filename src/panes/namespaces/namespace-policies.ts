import type { KindId } from '../../model/kinds.ts';
import type { PolicyRow } from '../../model/objects/others.ts';
import type { PolicySummary } from '../../model/policies/policy-asks.ts';
import { type PolicyKind, policyKey } from '../../model/policies/rule.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { Page } from '../page.ts';
import { policyKinds } from '../policy-kinds.ts';
import { span } from '../spans.ts';
import { policyView } from '../views.ts';
import { unread } from './namespace-state.ts';

type Given = { page: Page; snapshot: Snapshot; namespace: string; glyphs: Glyphs; most: number };

/** A policy with what is known of whom it isolates; without a summary only what it says of itself, which is marked. */
type Isolating = PolicyRow & { kind: PolicyKind; short: string; summary: PolicySummary | undefined };

/** The policies of the namespace that isolate; those of the cluster may select its pods as well. */
export function policyLines({ page, snapshot, namespace, glyphs, most }: Given, now: number): void {
  const isUnread = policyKinds.flatMap(({ id, short }) => {
    const state = unread(snapshot, id, namespace, now);
    return state === undefined || state.phase === 'missing' ? [] : [{ id, text: `${short} ${state.text}` }];
  });
  const ownKinds = policyKinds.slice(0, 2);
  const isRead = ({ id }: { id: KindId }) => !isUnread.some((one) => one.id === id);
  const withSummary = (row: PolicyRow, kind: PolicyKind, short: string): Isolating => {
    const { namespace: own, name } = row;
    return { ...row, kind, short, summary: snapshot.policies.get(policyKey({ kind, namespace: own, name })) };
  };
  const own = ownKinds
    .filter(isRead)
    .flatMap(({ id, kind, short }) =>
      snapshot.tables[id].by('namespace', namespace).map((row) => withSummary(row, kind, short)),
    );
  const isolating = own.filter(
    (policy) => isRejected(policy) || isolates(policy, 'ingress') || isolates(policy, 'egress'),
  );
  const note = [clusterwideText(snapshot), ...isUnread.map(({ text }) => text)].filter((part) => part !== '');
  const none = ownKinds.every(isRead) ? 'none isolates' : 'not all read';
  const guessed = isolating.some(({ summary }) => summary === undefined) ? `${glyphs.about} ` : '';
  const count = isolating.length === 0 ? none : `${guessed}${number(isolating.length)} isolating`;
  page.field('policies', [span(count), span(note.map((part) => ` · ${part}`).join(''), 'dim')], {
    target: { pane: 'policies' },
  });
  for (const policy of isolating.sort(byConcern).slice(0, most)) policyLine(page, policy, glyphs);
  const left = isolating.length - most;
  if (left > 0) page.field('', [span(`and ${number(left)} more`, 'dim')], { target: { pane: 'policies' } });
}

/** Whose pods they isolate is on their own pages: here it is only said that there are some. */
function clusterwideText({ tables, policies }: Snapshot): string {
  const rows = [...tables.ciliumClusterwideNetworkPolicies.rows.values()];
  const some = rows.filter(({ name }) => {
    const summary = policies.get(policyKey({ kind: 'CiliumClusterwideNetworkPolicy', namespace: '', name }));
    return summary === undefined || summary.isolates.ingress + summary.isolates.egress > 0;
  });
  if (some.length === 0) return '';
  return `${number(some.length)} clusterwide ${some.length === 1 ? 'isolates' : 'isolate'} pods, perhaps of here, too`;
}

function policyLine(page: Page, policy: Isolating, glyphs: Glyphs): void {
  const { kind, namespace, name, short, subject, summary } = policy;
  const rejected = isRejected(policy);
  const counted = summary === undefined || summary.selects < 0 ? '' : ` (${number(summary.selects)})`;
  page.field(
    '',
    [
      span(rejected ? `${glyphs.error} ` : '', 'error'),
      span(`${short} ${name}`),
      span(` on ${subject}${counted} · ${directions(policy)}${rejected ? ' · rejected, so not enforced' : ''}`, 'dim'),
    ],
    { target: policyView({ kind, namespace, name }), ref: { kind, namespace, name }, troubled: rejected },
  );
}

function isolates({ summary, ...row }: Isolating, direction: 'ingress' | 'egress'): boolean {
  return summary === undefined ? row[direction] : summary.isolates[direction] > 0;
}

/** What is not enforced, then what can cut pods off from DNS, then what was changed last. */
function byConcern(a: Isolating, b: Isolating): number {
  return (
    Number(isRejected(b)) - Number(isRejected(a)) ||
    Number(isolates(b, 'egress')) - Number(isolates(a, 'egress')) ||
    changedAt(b) - changedAt(a)
  );
}

function changedAt({ created, edits }: PolicyRow): number {
  return Math.max(created, ...edits.filter(({ subresource }) => subresource === '').map(({ at }) => at));
}

function isRejected({ valid, summary }: Isolating): boolean {
  return valid === 'False' || summary?.inForce === 'no';
}

function directions(policy: Isolating): string {
  const both = (['ingress', 'egress'] as const).filter((one) => isolates(policy, one));
  return both.length === 0 ? 'none' : both.map((one) => (one === 'ingress' ? 'in' : 'out')).join(', ');
}
