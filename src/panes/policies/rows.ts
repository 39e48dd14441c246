import { compareText } from '../../model/compare-text.ts';
import type { Judgement } from '../../model/finding.ts';
import type { PolicyRow } from '../../model/objects/others.ts';
import type { PolicySummary } from '../../model/policies/policy-asks.ts';
import { type PolicyKind, type PolicyRef, policyKey } from '../../model/policies/rule.ts';
import { type ObjectRef, refKey } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { lastEdit } from '../last-edit.ts';
import { countFindings, type FindingCount, rank, severityLook } from '../policy-findings.ts';
import { policyKinds } from '../policy-kinds.ts';

/** A policy of any of the three kinds with all that is known of it. */
export type Policy = PolicyRow & {
  kind: PolicyKind;
  short: string;
  /** What it does; undefined until the engine has seen it. */
  summary: PolicySummary | undefined;
  /** What is wrong with it; undefined = nothing that was looked for. */
  found: FindingCount | undefined;
  /** Edited within the last hour: what fails now may have begun there. */
  isFresh: boolean;
  /** And before this console watched: nobody here knows what that changed. */
  isUnseen: boolean;
};

/** `watchedSince` = from when on this console saw every change. */
type Known = Pick<Snapshot, 'tables' | 'policies'> & { judgement: Pick<Judgement, 'findings'>; watchedSince: number };

/**
 * The sick first, the worst of them on top, then those edited within the hour before `now`, then by namespace and name;
 * of one namespace when the screens are narrowed to one.
 */
export function policyRows(
  { tables, policies, judgement, watchedSince }: Known,
  scope: string,
  now: number,
): readonly Policy[] {
  const counts = countFindings(judgement);
  const rows = policyKinds.flatMap(({ id, kind, short }) =>
    [...tables[id].rows.values()]
      .filter(({ namespace }) => scope === '' || namespace === '' || namespace === scope)
      .map((row): Policy => {
        const { namespace, name } = row;
        const summary = policies.get(policyKey({ kind, namespace, name }));
        const found = counts.get(refKey(objectOf({ kind, namespace, name })));
        return { ...row, kind, short, summary, found, ...freshness(row, watchedSince, now) };
      }),
  );
  return rows.sort(
    (a, b) =>
      trouble(a) - trouble(b) ||
      compareText(a.namespace, b.namespace) ||
      compareText(a.name, b.name) ||
      compareText(a.kind, b.kind),
  );
}

/** The time within which a change is suspected first, ms: the lint of changes shortly before has the same. */
const hour = 3_600_000;

function freshness({ edits }: PolicyRow, watchedSince: number, now: number): Pick<Policy, 'isFresh' | 'isUnseen'> {
  const at = lastEdit(edits)?.at ?? 0;
  const isFresh = at > now - hour;
  return { isFresh, isUnseen: isFresh && at < watchedSince };
}

/** Another one whenever there may be other rows. */
export function versionOf({ epoch, tables }: Snapshot): string {
  return [epoch, ...policyKinds.map(({ id }) => tables[id].version)].join(' ');
}

/** Whether it is in force, in a word, with how that looks. */
export function force({ summary, valid, kind }: Policy): { text: string; tone: 'plain' | 'error' | 'unknown' | 'dim' } {
  // Cilium has said so itself: nothing of it holds, whatever we make of it.
  if (valid === 'False') return { text: 'rejected', tone: 'error' };
  if (summary === undefined) return { text: kind === 'NetworkPolicy' ? 'not read' : valid || 'not read', tone: 'dim' };
  if (summary.inForce === 'yes') return { text: 'yes', tone: 'plain' };
  if (summary.inForce === 'unknown') return { text: 'unknown', tone: 'unknown' };
  if (summary.why === '') return { text: 'not served', tone: 'error' };
  if (/^no Cilium agent/.test(summary.why)) return { text: 'no', tone: 'error' };
  return { text: /switched off/.test(summary.why) ? 'off' : 'rejected', tone: 'error' };
}

/** What `z` keeps: of what is only worth knowing nothing but that it was edited within the hour. */
export function isTroubled(policy: Policy): boolean {
  return trouble(policy) < calm;
}

/** The reference as the rest of the program has it. */
export function objectOf({ kind, namespace, name }: PolicyRef): ObjectRef {
  return namespace === '' ? { kind, name } : { kind, namespace, name };
}

export const columns: readonly Column[] = [
  { id: 'kind', title: 'KIND', min: 4, max: 4 },
  { id: 'namespace', title: 'NAMESPACE', min: 9, max: 20 },
  { id: 'name', title: 'NAME', min: 16, max: 48 },
  { id: 'subject', title: 'ABOUT', min: 10, max: 44, cut: 'end', drop: 5 },
  { id: 'selects', title: 'PODS', min: 4, align: 'right' },
  { id: 'direction', title: 'IN/OUT', min: 7, max: 7 },
  { id: 'force', title: 'IN FORCE', min: 8, max: 10 },
  { id: 'findings', title: 'WRONG', min: 5, max: 7 },
  { id: 'rules', title: 'RULES', min: 5, align: 'right', wideOnly: true },
  { id: 'age', title: 'AGE', min: 4, align: 'right', clock: true, drop: 3 },
  { id: 'changed', title: 'CHANGED', min: 7, align: 'right', clock: true, drop: 1 },
  { id: 'by', title: 'BY', min: 8, max: 28, cut: 'end', grow: true, drop: 2 },
];

export function policyCells(policy: Policy, glyphs: Glyphs, now: number): readonly Cell[] {
  const last = lastEdit(policy.edits);
  return [
    policy.short,
    policy.namespace,
    policy.name,
    policy.subject,
    selects(policy),
    directions(policy),
    force(policy),
    foundCell(policy, glyphs),
    String(policy.ruleCount),
    age(now - policy.created),
    last === undefined ? '' : { text: age(now - last.at), tone: policy.isFresh ? 'warning' : 'plain' },
    last?.manager ?? '',
  ];
}

const calm = 5;

/** 0 = the worst; `calm` = nothing wrong. */
function trouble(policy: Policy): number {
  const { text, tone } = force(policy);
  if (tone === 'error') return 0;
  if (policy.found !== undefined && policy.found.worst !== 'note') return 1 + rank(policy.found.worst);
  if (text === 'unknown') return 3;
  return policy.isFresh ? 4 : calm;
}

function selects({ summary }: Policy): Cell {
  if (summary === undefined) return { text: '–', tone: 'dim' };
  return summary.selects < 0 ? { text: '?', tone: 'unknown' } : number(summary.selects);
}

function directions({ ingress, egress }: PolicyRow): Cell {
  if (ingress || egress) return ingress && egress ? 'in, out' : ingress ? 'in' : 'out';
  return { text: 'none', tone: 'dim' };
}

function foundCell({ found }: Policy, glyphs: Glyphs): Cell {
  if (found === undefined) return '';
  const { sign, tone } = severityLook(found.worst, glyphs);
  return { text: `${sign} ${number(found.count)}`, tone };
}
