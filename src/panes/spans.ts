import { cutEnd, cutMiddle, pad, width } from '../ui/text.ts';
import type { Look, Span, Tone } from '../ui/theme.ts';

/** The pieces of one line of a screen, from left to right. */
export type Spans = readonly Span[];

export function span(text: string, tone?: Tone, look: Look = {}): Span {
  return tone === undefined ? { ...look, text } : { ...look, text, tone };
}

export function spansWidth(line: Spans): number {
  return line.reduce((sum, part) => sum + width(part.text), 0);
}

/** The line cut or padded to exactly `columns`. */
export function fitTo(line: Spans, columns: number, ellipsis = '…'): Spans {
  const fitted: Span[] = [];
  let left = columns;
  for (const part of line) {
    if (left <= 0) break;
    const size = width(part.text);
    if (size <= left) {
      fitted.push(part);
      left -= size;
      continue;
    }
    fitted.push({ ...part, text: pad(cutEnd(part.text, left, ellipsis), left) });
    left = 0;
  }
  if (left > 0) fitted.push({ text: ' '.repeat(left) });
  return fitted;
}

/** `left` from the left edge and `right` up to the right edge; where both cannot be whole, `left` is cut. */
export function between(left: Spans, right: Spans, columns: number, ellipsis = '…'): Spans {
  const room = columns - spansWidth(right);
  if (room <= 0) return fitTo(right, columns, ellipsis);
  return [...fitTo(left, room, ellipsis), ...right];
}

/** `title · reach`: where both cannot be whole, the title is cut. How far it reaches is the last thing to lose. */
export function withReach(title: string, reach: string, columns: number, ellipsis: string): Spans {
  const end = reach === '' ? '' : ` · ${reach}`;
  return [span(cutEnd(title, Math.max(1, columns - width(end)), ellipsis)), span(end, 'dim')];
}

/** A cell of exactly `columns`: padded, or cut where the text says least. */
export function cell(
  text: string,
  columns: number,
  options: { align?: 'left' | 'right'; cut?: 'middle' | 'end'; ellipsis?: string } = {},
): string {
  const short = (options.cut === 'end' ? cutEnd : cutMiddle)(text, columns, options.ellipsis);
  return pad(short, columns, options.align);
}

/** The plain text of a line, as one reads it. */
export function spansText(line: Spans): string {
  return line.map((part) => part.text).join('');
}
