import { type Fact, type FactId, factNames } from '../model/facts.ts';
import { age } from '../ui/text.ts';
import type { PaneState } from './pane-state.ts';

/** How a fact is doing, for the title of what shows `rows` of it. */
export function factState(id: FactId, fact: Fact<unknown> | undefined, rows: number, now: number): PaneState {
  const name = factNames[id];
  if (fact === undefined) return unasked(`Nobody has asked for ${name}: :azure says why, :login signs in.`);
  const { phase, heard, problem } = fact.link;
  const old = { old: rows > 0, sentence: problem ?? '' };
  switch (phase) {
    case 'live':
      return rows > 0
        ? { phase: 'live', glyph: 'ok', text: `read ${age(now - heard)} ago`, tone: 'ok', sentence: '', old: false }
        : { phase: 'none', glyph: '', text: 'none', tone: 'dim', sentence: '', old: false };
    case 'stale':
      return { ...old, phase, glyph: 'warning', text: `stale ${age(now - heard)}`, tone: 'warning' };
    case 'forbidden':
      return { ...old, phase, glyph: 'unknown', text: 'forbidden', tone: 'unknown' };
    case 'missing':
      return { ...old, phase, glyph: 'unknown', text: 'not there', tone: 'unknown' };
    case 'failed':
      return { ...old, phase, glyph: 'error', text: 'failed', tone: 'error' };
    default:
      return { ...old, phase: 'connecting', glyph: 'progress', text: 'asking', tone: 'progress' };
  }
}

function unasked(sentence: string): PaneState {
  return { phase: 'missing', glyph: 'unknown', text: 'not asked', tone: 'unknown', sentence, old: false };
}
