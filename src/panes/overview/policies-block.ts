import { lints } from '../../checks/policies/index.ts';
import type { Severity } from '../../model/finding.ts';
import type { PolicyRow } from '../../model/objects/others.ts';
import { type PolicyRef, policyKey } from '../../model/policies/rule.ts';
import { age, number, width } from '../../ui/text.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import { lastEdit } from '../last-edit.ts';
import type { PaneState } from '../pane-state.ts';
import { type FindingCount, severityLook } from '../policy-findings.ts';
import { cell, type Spans, span } from '../spans.ts';
import { policyName } from '../verdict-words.ts';
import type { Block } from './block.ts';

export type PolicyLine = {
  id: string;
  ref: PolicyRef;
  /** `CNP pay/deny-all`. */
  name: string;
  /** What is worst with it, and how grave that is; 'note' and '' = nothing to be told here. */
  severity: Severity;
  trouble: string;
  subject: string;
  /** When and by whom it was changed last. */
  changed: number;
  who: string;
};

export type PoliciesOptions = {
  /** What is wrong first, the worst of it on top, then the youngest change; those the filter left. */
  policies: readonly PolicyLine[];
  counts: readonly { kind: string; count: number }[];
  /** Cilium's own kinds are not served: of them nothing can be said. */
  ciliumMissing: boolean;
  state: PaneState;
  cursor: string;
  glyphs: Glyphs;
  now: number;
};

export function policiesBlock(options: PoliciesOptions): Block {
  const { policies, cursor } = options;
  const wrong = policies.filter(isWrong);
  return {
    id: 'policies',
    title: titleOf(wrong, options),
    want: Math.min(policies.length, 5),
    least: Math.min(wrong.length, 2),
    sick: wrong.length > 0,
    draw(columns, rows) {
      const at = policies.findIndex((policy) => `policy:${policy.id}` === cursor);
      const top = Math.max(0, at - rows + 1);
      return policies
        .slice(top, top + rows)
        .map((policy) => ({ id: `policy:${policy.id}`, spans: lineOf(policy, options, columns) }));
    },
  };
}

export function policyLine(
  ref: PolicyRef,
  { valid, validMessage, subject, created, edits }: PolicyRow,
  found: FindingCount | undefined,
): PolicyLine {
  const last = lastEdit(edits);
  const told = found === undefined ? '' : lintTitle(found);
  // Cilium says itself whether it could read a policy; one it could not read protects nothing.
  const refused = valid === 'False';
  return {
    id: policyKey(ref),
    ref,
    name: policyName(ref),
    severity: refused ? 'error' : (found?.worst ?? 'note'),
    trouble: refused ? validMessage || 'rejected' : told,
    subject,
    changed: Math.max(created, last?.at ?? 0),
    who: last?.manager ?? '',
  };
}

export function isWrong({ severity }: PolicyLine): boolean {
  return severity !== 'note';
}

/** `Named port missing`, and how many there are beside it. */
function lintTitle({ id, count }: FindingCount): string {
  const title = lints.find((lint) => lint.id === id)?.title ?? id;
  return count === 1 ? title : `${title} +${number(count - 1)}`;
}

function titleOf(wrong: readonly PolicyLine[], { counts, state, ciliumMissing, glyphs }: PoliciesOptions): Spans {
  const title: Spans = [span('4', 'accent'), span(' Policies', 'strong')];
  if (state.phase !== 'live' && state.phase !== 'none')
    return [...title, span(` ${state.glyph === '' ? '' : `${glyphs[state.glyph]} `}${state.text}`, state.tone)];
  const partly: Spans = state.glyph === 'warning' ? [span(` ${glyphs.warning} ${state.text}`, 'warning')] : [];
  const told = counts.filter(({ count }) => count > 0).map(({ kind, count }) => `${number(count)} ${kind}`);
  if (told.length === 0 && partly.length > 0) return [...title, ...partly];
  if (told.length === 0 && ciliumMissing) return [...title, span(' NP: none; Cilium kinds not installed', 'dim')];
  if (told.length === 0) return [...title, span(' none: everything may talk to everything', 'dim')];
  const [worst] = wrong;
  const bad =
    worst === undefined
      ? [span(` ${glyphs.ok}`, 'ok' as const)]
      : [span(' '), severitySpan(worst.severity, glyphs, ` ${number(wrong.length)} wrong`)];
  return [...title, ...(worst === undefined && partly.length > 0 ? partly : bad), span(` ${told.join(' ')}`, 'dim')];
}

function lineOf(policy: PolicyLine, { glyphs, now }: PoliciesOptions, columns: number): Spans {
  const { ellipsis } = glyphs;
  const right = `${age(now - policy.changed)}`;
  const name = Math.min(width(policy.name), Math.floor(columns * 0.5));
  const rest = Math.max(0, columns - 2 - name - 1 - 6);
  const told = isWrong(policy) ? policy.trouble : `${policy.subject}${policy.who === '' ? '' : ` · ${policy.who}`}`;
  return [
    isWrong(policy) ? severitySpan(policy.severity, glyphs, ' ') : span('  '),
    span(`${cell(policy.name, name, { ellipsis })} `),
    span(cell(told, rest, { cut: 'end', ellipsis }), 'dim'),
    span(cell(right, 6, { align: 'right' }), 'dim'),
  ];
}

function severitySpan(severity: Severity, glyphs: Glyphs, behind: string): Span {
  const { sign, tone } = severityLook(severity, glyphs);
  return span(`${sign}${behind}`, tone);
}
