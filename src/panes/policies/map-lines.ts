import { number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { MatrixView } from '../../ui/use-matrix.ts';
import { type Spans, span, spansWidth } from '../spans.ts';
import { verdictLook, verdictSpan } from '../verdict-words.ts';
import { type MapVerdict, verdictSign } from './map-cells.ts';

/** What the signs mean, each with how often it stands in the map. Where room is short, the least telling goes. */
export function legend(counts: Readonly<Record<MapVerdict, number>>, glyphs: Glyphs, columns: number): Spans {
  const parts = (['allow', 'partly', 'deny', 'unknown'] as const).map((verdict): Spans => {
    const { word } = verdictLook(verdict);
    return [verdictSign(verdict, glyphs), span(` ${number(counts[verdict])} ${word}  `)];
  });
  const line: Spans = [span(' '), ...parts.flat(), span(`${verdictSign(undefined, glyphs).text} no two pods`, 'dim')];
  return spansWidth(line) <= columns ? line : [span(' '), ...parts.flat()];
}

/** The cell under the cursor in words: names are cut above it, never here. */
export function underCursor(
  { from, to, verdict }: Readonly<{ from: string; to: string; verdict: MapVerdict | undefined }>,
  glyphs: Glyphs,
): Spans {
  const ends: Spans = [span(` ${from} ${glyphs.arrow} ${to}  `, 'strong')];
  if (verdict === undefined) return [...ends, span('there are no two pods to ask about', 'dim')];
  return [...ends, verdictSpan(verdict, glyphs), span(`  ${meaning[verdict]}`, 'dim')];
}

/** How many rows and columns lie beyond the edges: `↓ 489 more · → 472 more`; nothing where all is in sight. */
export function beyondText({ beyond }: Pick<MatrixView, 'beyond'>, glyphs: Glyphs): string {
  const { above, below, before, behind } = beyond;
  const parts = [
    above > 0 ? `${glyphs.up} ${number(above)}` : '',
    below > 0 ? `${glyphs.down} ${number(below)}` : '',
    before > 0 ? `← ${number(before)}` : '',
    behind > 0 ? `${glyphs.arrow} ${number(behind)}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${parts.join(' ')} more`;
}

const meaning: Readonly<Record<MapVerdict, string>> = {
  allow: 'every workload, on every declared port',
  partly: 'some workloads or ports only',
  deny: 'no workload, on no port',
  unknown: 'nobody can tell; open it for why',
};
