import { wrap } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { type Spans, span } from '../spans.ts';

/**
 * What the connection itself has to say (a code to sign in with, a kubeconfig that others can read), whole where that
 * takes no more than a fifth of the screen; else its end, where a plugin puts what it wants typed. None = no lines.
 */
export function noticeLines(notice: string, glyphs: Glyphs, { width, height }: { width: number; height: number }) {
  if (notice === '') return [];
  const most = Math.max(1, Math.floor(height / 5));
  const words = notice.split(' ');
  const fitted = (from: number) =>
    wrap((from === 0 ? '' : glyphs.ellipsis) + words.slice(from).join(' '), Math.max(10, width - 4));
  let from = 0;
  while (from < words.length - 1 && fitted(from).length > most) from += 1;
  return fitted(from)
    .slice(0, most)
    .map((line, index): Spans => [span(index === 0 ? ` ${glyphs.warning} ` : '   ', 'warning'), span(line, 'strong')]);
}
