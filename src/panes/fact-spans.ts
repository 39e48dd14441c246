import type { FactId } from '../model/facts.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Glyphs } from '../ui/theme.ts';
import { factState } from './fact-state.ts';
import { type Spans, span } from './spans.ts';

/** How a fact is doing where its value would stand, with why; nothing while it is in step. */
export function factTrouble(id: FactId, { facts }: Snapshot, glyphs: Glyphs, now: number): Spans {
  const { phase, glyph, text, tone, sentence } = factState(id, facts[id], 1, now);
  if (phase === 'live') return [];
  const why = sentence || (phase === 'forbidden' ? `Ask for the role ${roles[id] ?? 'Reader'}.` : '');
  return [span(`${glyph === '' ? '' : `${glyphs[glyph]} `}${text}`, tone), span(why === '' ? '' : ` · ${why}`, 'dim')];
}

/** Behind a value that is kept while its link is down: how old it is. */
export function staleMark(id: FactId, { facts }: Snapshot, glyphs: Glyphs, now: number): Spans {
  const { phase, text } = factState(id, facts[id], 1, now);
  return phase === 'stale' ? [span(`  ${glyphs.warning} ${text}`, 'warning')] : [];
}

/** Azure's built-in roles that let one read it (domain §11). */
const roles: Partial<Record<FactId, string>> = {
  workspace: 'Log Analytics Reader',
  auditDeletes: 'Log Analytics Reader',
  alerts: 'Monitoring Reader',
  platformMetrics: 'Monitoring Reader',
};
