import type { ApiResource } from '../../model/asks.ts';
import { age, number } from '../../ui/text.ts';
import type { PaneState } from '../pane-state.ts';
import type { FoldedTable } from './server-table.ts';

/** Undefined while asking, a sentence where there is nothing to ask for. */
export type Resolved = ApiResource | string | undefined;

/** How a table of the server is doing; `stream` is the asking itself, which can fail as a whole. */
export function tableState(
  found: Resolved,
  word: string,
  folded: FoldedTable,
  stream: Readonly<{ phase: string; problem?: string }>,
  now: number,
): PaneState {
  if (found === undefined)
    return {
      ...calm,
      phase: 'connecting',
      glyph: 'progress',
      text: 'asking what the server serves',
      tone: 'progress',
      sentence: `Looking for ${word}.`,
    };
  if (typeof found === 'string')
    return { ...calm, phase: 'missing', glyph: 'unknown', text: 'unknown', tone: 'unknown', sentence: found };
  if (stream.phase === 'failed')
    return {
      ...calm,
      phase: 'failed',
      glyph: 'error',
      text: 'failed',
      tone: 'error',
      sentence: stream.problem ?? '',
    };
  const sentence = folded.problem;
  switch (folded.phase) {
    case 'loading':
      return {
        ...calm,
        phase: 'loading',
        glyph: 'progress',
        text: `loading ${number(folded.rows.size)}`,
        tone: 'progress',
        sentence: `Reading ${found.plural}.`,
      };
    case 'live':
      return folded.rows.size > 0
        ? { ...calm, phase: 'live', glyph: 'ok', text: 'live', tone: 'ok', sentence: '' }
        : {
            ...calm,
            phase: 'none',
            glyph: 'ok',
            text: 'none',
            tone: 'dim',
            sentence: `There are no ${found.plural} here.`,
          };
    case 'stale': {
      const since = folded.heard > 0 ? `stale ${age(now - folded.heard)}` : 'stale';
      const text = folded.whole ? since : `${since}, not read to the end`;
      return { ...calm, phase: 'stale', glyph: 'warning', text, tone: 'warning', sentence, old: true };
    }
    case 'forbidden':
      return {
        ...calm,
        phase: 'forbidden',
        glyph: 'unknown',
        text: `forbidden: list ${found.plural}`,
        tone: 'unknown',
        sentence,
      };
    case 'missing':
      return { ...calm, phase: 'missing', glyph: 'unknown', text: 'not installed', tone: 'unknown', sentence };
    case 'failed':
      return { ...calm, phase: 'failed', glyph: 'error', text: 'failed', tone: 'error', sentence };
  }
}

const calm = { old: false } as const;
