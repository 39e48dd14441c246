import type { Tone } from '../../ui/theme.ts';
import { type Spans, span } from '../spans.ts';

/** The verdict stands out. */
export function flowWords(text: string): Spans {
  const [verdict = ''] = text.split(' ', 1);
  const tone = tones[verdict];
  return tone === undefined ? [span(text)] : [span(verdict.padEnd(9), tone), span(text.slice(verdict.length))];
}

const tones: Readonly<Record<string, Tone>> = {
  FORWARDED: 'dim',
  DROPPED: 'error',
  ERROR: 'error',
  AUDIT: 'warning',
  REDIRECTED: 'accent',
  TRANSLATED: 'dim',
  TRACED: 'dim',
};
