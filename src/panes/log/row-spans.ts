import { clockSecond } from '../../model/clock.ts';
import { patternOf } from '../../model/log-patterns/index.ts';
import type { LogPattern } from '../../model/log-patterns/log-pattern.ts';
import type { Glyphs, Span, Tone } from '../../ui/theme.ts';
import { saidFirst } from '../log-words.ts';
import { cell, type Spans, span } from '../spans.ts';
import type { LogRow, LogSource } from './log-book.ts';

export type RowLook = {
  glyphs: Glyphs;
  /** Columns for whose log it is; 0 = one log only. */
  nameWidth: number;
  /** As it is told apart from the others. */
  name: string;
  /** What is searched for; '' = nothing. */
  search: string;
  /** How the text is drawn; default: the message first, then its fields. */
  words?(text: string): Spans;
};

/** A line as drawn: whose, when, whether it is a known one, what it says, then its fields. */
export function rowSpans(row: LogRow, { glyphs, nameWidth, name: of, search, words = saidFirst }: RowLook): Spans {
  const name = nameWidth === 0 ? [] : [span(`${cell(of, nameWidth, { ellipsis: glyphs.ellipsis })} `, 'accent')];
  if (row.mark !== '') return [...name, markSpan(row, glyphs)];
  const time = span(row.at === 0 ? '         ' : `${clockSecond(row.at)} `, 'dim');
  const sign = signOf(patternOf(row.known), glyphs);
  return [...name, time, sign, span(' '), ...words(row.text).flatMap((piece) => searched(piece, search))];
}

/** A node says more than the name of its agent. */
export function nameOf(source: LogSource | undefined): string {
  return source?.node || source?.pod || '';
}

/** What of the names tells them apart, without what all begin with, up to a dash: `np1-25554136-vmss000002`. */
export function tellingNames(names: readonly string[]): readonly string[] {
  const [first = ''] = names;
  let same = first.length;
  for (const name of names) while (!name.startsWith(first.slice(0, same))) same -= 1;
  const start = names.length < 2 ? 0 : first.slice(0, same).lastIndexOf('-') + 1;
  return names.map((name) => name.slice(start));
}

export function signOf(pattern: LogPattern | undefined, glyphs: Glyphs): Span {
  if (pattern === undefined) return span(' ');
  return pattern.severity === 'note' ? span('·', 'accent') : span(glyphs[pattern.severity], pattern.severity);
}

function markSpan({ mark, text }: LogRow, glyphs: Glyphs): Span {
  const tones: Record<LogRow['mark'], Tone> = { '': 'plain', gap: 'accent', end: 'dim', failed: 'error' };
  const rule = glyphs.rule.repeat(2);
  return span(`${rule} ${text || 'the log ends here'} ${rule}`, tones[mark]);
}

function searched(piece: Span, search: string): Spans {
  const at = search === '' ? -1 : piece.text.toLowerCase().indexOf(search.toLowerCase());
  if (at < 0) return [piece];
  const end = at + search.length;
  return [
    { ...piece, text: piece.text.slice(0, at) },
    { ...piece, text: piece.text.slice(at, end), inverse: true },
    ...searched({ ...piece, text: piece.text.slice(end) }, search),
  ];
}
