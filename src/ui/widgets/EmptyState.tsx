import { Box } from 'ink';
import { wrap } from '../text.ts';
import { type Tone, useTheme } from '../theme.ts';
import { Line } from './Line.tsx';

/** Why there is nothing to see; each is drawn differently, and a table is never just blank. */
export type Emptiness = 'loading' | 'none' | 'stale' | 'forbidden' | 'missing' | 'failed' | 'filtered';

export type EmptyStateProps = Readonly<{
  kind: Emptiness;
  /** What is so, in one sentence. */
  text: string;
  /** What can be done about it. */
  hint?: string;
  width: number;
  height: number;
}>;

/** That there is nothing may be well or not: no sign says either. */
const looks: Record<Emptiness, { glyph: 'none' | 'warning' | 'error' | 'unknown' | 'progress'; tone: Tone }> = {
  loading: { glyph: 'progress', tone: 'progress' },
  none: { glyph: 'none', tone: 'dim' },
  stale: { glyph: 'warning', tone: 'warning' },
  forbidden: { glyph: 'unknown', tone: 'warning' },
  missing: { glyph: 'unknown', tone: 'dim' },
  failed: { glyph: 'error', tone: 'error' },
  filtered: { glyph: 'unknown', tone: 'accent' },
};

export function EmptyState({ kind, text, hint, width, height }: EmptyStateProps) {
  const theme = useTheme();
  const { glyph, tone } = looks[kind];
  const sign = glyph === 'none' ? '–' : theme.glyphs[glyph];
  const said = wrap(text, Math.max(1, width - 4)).map((line, index) => ({
    text: index === 0 ? ` ${sign} ${line}` : `   ${line}`,
    tone,
  }));
  const hinted = hint
    ? wrap(hint, Math.max(1, width - 4)).map((line) => ({ text: `   ${line}`, tone: 'plain' as Tone }))
    : [];
  return (
    <Box flexDirection="column" height={height} width={width}>
      {[...said, ...hinted].slice(0, height).map((span) => (
        <Line key={span.text} spans={[span]} width={width} />
      ))}
    </Box>
  );
}
