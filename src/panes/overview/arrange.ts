import { pad } from '../../ui/text.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import { fitTo, type Spans, span, spansWidth } from '../spans.ts';
import type { Block, BlockLine } from './block.ts';
import { type Band, shareRows } from './share-rows.ts';

/** A line of the whole pane; in the left and in the right half the cursor can stand. */
export type ArrangedLine = { parts: readonly { spans: Spans; id: string; columns: number }[] };

/** The blocks of each band side by side, the bands below each other: exactly `height` lines of `columns`. */
export function arrange(bands: readonly Band[], columns: number, height: number, glyphs: Glyphs): ArrangedLine[] {
  const kept = bands.slice(0, height);
  const rows = shareRows(kept, height);
  const lines = kept.flatMap((band, index) => drawBand(band, columns, rows[index] ?? 0, glyphs));
  while (lines.length < height) lines.push({ parts: [{ spans: [], id: '', columns }] });
  return lines.slice(0, height);
}

function drawBand(band: Band, columns: number, rows: number, glyphs: Glyphs): ArrangedLine[] {
  const widths = columnsOf(band, columns);
  const drawn = band.map((block, index) => {
    const size = (widths[index] ?? 0) - bar;
    return [{ spans: titleRule(block, size, glyphs) }, ...block.draw(size - gutter, rows)].map((line, row) => ({
      line,
      title: row === 0,
    }));
  });
  return Array.from({ length: rows + 1 }, (_, row) => ({
    parts: band.flatMap((_, index) => {
      const size = (widths[index] ?? 0) - bar;
      const entry = drawn[index]?.[row];
      const line: BlockLine = entry?.line ?? { spans: [] };
      const own = entry?.title ? line.spans : [span(' '.repeat(gutter)), ...line.spans];
      const part = { spans: fitTo(own, size, glyphs.ellipsis), id: line.id ?? '', columns: size };
      const between =
        index === 0
          ? []
          : [{ spans: [span(row === 0 ? glyphs.rule : glyphs.bar, 'dim' as const)], id: '', columns: bar }];
      return [...between, part];
    }),
  }));
}

/** Where the cursor is drawn. */
const gutter = 1;
const bar = 1;

/** Equal parts, where none asks for less, with a bar between two. The first has no bar in front of it but keeps its column at the screen's edge. */
function columnsOf([, right]: Band, columns: number): number[] {
  if (right === undefined) return [columns + bar];
  const left = Math.floor((columns - bar) * (1 - (right.share ?? 0.5)));
  return [left + bar, columns - left];
}

/** `── Pools ──── NODES ── AGENTS ──`: the title, and the column titles where their columns are. */
function titleRule(block: Block, columns: number, glyphs: Glyphs): Spans {
  const start: Span[] = [span(`${glyphs.rule}${glyphs.rule} `, 'dim'), ...block.title, span(' ')];
  const used = spansWidth(start);
  // The next block's rule begins right behind it.
  if (used >= columns) return [...fitTo(start.slice(0, -1), columns - 1, glyphs.ellipsis), span(' ')];
  const heading = ' '.repeat(gutter) + (block.heading?.(columns - gutter) ?? '');
  return [...start, span(overRule(pad(heading, columns).slice(used), glyphs.rule), 'dim')];
}

/** Column titles keep a blank on either side; the rule runs everywhere else. A title cut in two is left out. */
function overRule(heading: string, rule: string): string {
  const whole = heading.replace(/^\S+/, (cut) => ' '.repeat(cut.length));
  return [...whole]
    .map((sign, index) => (sign === ' ' && !isTitle(whole[index - 1]) && !isTitle(whole[index + 1]) ? rule : sign))
    .join('');
}

function isTitle(sign: string | undefined): boolean {
  return sign !== undefined && sign !== ' ';
}
