import { Text } from 'ink';
import { memo } from 'react';
import { cutEnd, width } from '../text.ts';
import { type Look, type Span, type Theme, useTheme } from '../theme.ts';

export type LineProps = Readonly<{
  spans: string | readonly Span[];
  width: number;
  /** Laid over every span: the cursor's reverse video, a stale row's faintness. */
  look?: Look;
}>;

/** One line of the screen, exactly `width` columns. One string per line is what makes a frame cheap: no boxes inside. */
export const Line = memo(function Line({ spans, width: columns, look }: LineProps) {
  return <Text wrap="truncate">{paintLine(useTheme(), spans, columns, look)}</Text>;
});

/** The spans as one painted string, cut or filled to `columns`. */
function paintLine(theme: Theme, spans: string | readonly Span[], columns: number, look: Look = {}): string {
  let left = columns;
  let painted = '';
  for (const span of typeof spans === 'string' ? [{ text: spans }] : spans) {
    if (left <= 0) break;
    const text = cutEnd(span.text, left, theme.glyphs.ellipsis);
    left -= width(text);
    painted += theme.paint(text, { ...span, ...look });
  }
  return left > 0 ? painted + theme.paint(' '.repeat(left), look) : painted;
}
