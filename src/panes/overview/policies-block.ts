import type { PolicyRow } from '../../model/objects/others.ts';
import { refText } from '../../model/ref.ts';
import { age, number, width } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { PaneState } from '../pane-state.ts';
import { cell, type Spans, span } from '../spans.ts';
import type { Block } from './block.ts';

export type PolicyLine = {
  id: string;
  /** `CNP pay/deny-all`. */
  name: string;
  valid: string;
  validMessage: string;
  subject: string;
  /** When and by whom it was changed last. */
  changed: number;
  who: string;
};

export type PoliciesOptions = {
  /** Refused ones first, then the youngest change first; those the filter left. */
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
  const refused = policies.filter(isRefused).length;
  return {
    id: 'policies',
    title: titleOf(refused, options),
    want: Math.min(policies.length, 5),
    least: Math.min(refused, 2),
    sick: refused > 0,
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
  kind: string,
  { namespace, name, valid, validMessage, subject, created, edits }: PolicyRow,
): PolicyLine {
  const [last] = edits.filter((edit) => edit.subresource === '').sort((a, b) => b.at - a.at);
  return {
    id: `${kind} ${namespace}/${name}`,
    name: refText({ kind, namespace, name }),
    valid,
    validMessage,
    subject,
    changed: Math.max(created, last?.at ?? 0),
    who: last?.manager ?? '',
  };
}

/** Cilium says whether it could read a policy; one it could not read protects nothing. */
export function isRefused({ valid }: PolicyLine): boolean {
  return valid === 'False';
}

function titleOf(refused: number, { counts, state, ciliumMissing, glyphs }: PoliciesOptions): Spans {
  const title: Spans = [span('4', 'accent'), span(' Policies', 'strong')];
  if (state.phase !== 'live' && state.phase !== 'none')
    return [...title, span(` ${state.glyph === '' ? '' : `${glyphs[state.glyph]} `}${state.text}`, state.tone)];
  const partly: Spans = state.glyph === 'warning' ? [span(` ${glyphs.warning} ${state.text}`, 'warning')] : [];
  const told = counts.filter(({ count }) => count > 0).map(({ kind, count }) => `${number(count)} ${kind}`);
  if (told.length === 0 && partly.length > 0) return [...title, ...partly];
  if (told.length === 0 && ciliumMissing) return [...title, span(' NP: none; Cilium kinds not installed', 'dim')];
  if (told.length === 0) return [...title, span(' none: everything may talk to everything', 'dim')];
  const bad =
    refused > 0
      ? [span(` ${glyphs.error} ${number(refused)} refused`, 'error' as const)]
      : [span(` ${glyphs.ok}`, 'ok' as const)];
  return [...title, ...(refused === 0 && partly.length > 0 ? partly : bad), span(` ${told.join(' ')}`, 'dim')];
}

function lineOf(policy: PolicyLine, { glyphs, now }: PoliciesOptions, columns: number): Spans {
  const { ellipsis } = glyphs;
  const right = `${age(now - policy.changed)}`;
  const name = Math.min(width(policy.name), Math.floor(columns * 0.5));
  const rest = Math.max(0, columns - 2 - name - 1 - 6);
  const told = isRefused(policy)
    ? policy.validMessage
    : `${policy.subject}${policy.who === '' ? '' : ` · ${policy.who}`}`;
  return [
    span(isRefused(policy) ? `${glyphs.error} ` : '  ', 'error'),
    span(`${cell(policy.name, name, { ellipsis })} `),
    span(cell(told, rest, { cut: 'end', ellipsis }), 'dim'),
    span(cell(right, 6, { align: 'right' }), 'dim'),
  ];
}
