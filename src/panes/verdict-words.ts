import type { AskedPort } from '../model/policies/asked-ports.ts';
import type { Verdict } from '../model/policies/direction-verdict.ts';
import type { PolicyRef } from '../model/policies/rule.ts';
import type { Glyphs, Span, Tone } from '../ui/theme.ts';
import { shortKind } from './short-kind.ts';

/** What a verdict looks like on every screen: a glyph and a word. `partly` = some of many are allowed. */
export function verdictLook(verdict: Verdict | 'partly'): { glyph: keyof Glyphs & Tone; word: string } {
  return looks[verdict];
}

const looks = {
  allow: { glyph: 'ok', word: 'allowed' },
  deny: { glyph: 'error', word: 'denied' },
  partly: { glyph: 'warning', word: 'partly' },
  unknown: { glyph: 'unknown', word: 'unknown' },
} as const;

/** `✖ denied`. */
export function verdictSpan(verdict: Verdict | 'partly', glyphs: Glyphs): Span {
  const { glyph, word } = verdictLook(verdict);
  return { text: `${String(glyphs[glyph])} ${word}`, tone: glyph };
}

/** `CNP shop/db`, `CCNP no-metadata`. */
export function policyName({ kind, namespace, name }: PolicyRef): string {
  return `${shortKind(kind)} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** `5432/TCP`, `ICMP type 8`, `other TCP` where one port stands for all that nobody names. */
export function portName({ port, protocol, other }: AskedPort): string {
  if (protocol === 'ICMP') return `ICMP type ${port}`;
  return other ? `other ${protocol}` : `${port}/${protocol}`;
}
