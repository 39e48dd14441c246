import type { Glyphs, Span } from '../ui/theme.ts';
import { type Spans, span, spansWidth } from './spans.ts';
import type { Vital } from './vitals.ts';

/** ` operator ● 2/2 lease 4s  dns ● 3/3  …`, on as many lines as it takes. */
export function vitalLines(vitals: readonly Vital[], glyphs: Glyphs, columns: number): Spans[] {
  const lines: Span[][] = [];
  for (const { id, glyph, text, old } of vitals) {
    const part: Span[] = [
      span(`${id} `, 'dim'),
      span(glyphs[glyph], old ? 'dim' : glyph),
      span(` ${text}`, old ? 'dim' : 'plain'),
    ];
    const last = lines.at(-1);
    if (last !== undefined && spansWidth(last) + 2 + spansWidth(part) <= columns) last.push(span('  '), ...part);
    else lines.push(part);
  }
  return lines;
}
