import type { FactId } from '../model/facts.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Glyphs } from '../ui/theme.ts';
import { factState } from './fact-state.ts';
import type { Page } from './page.ts';
import { type Spans, span } from './spans.ts';

/** Where its value would stand: how a fact is doing, and below it why and what to ask for, in whole sentences. */
export function troubleLines(
  page: Page,
  name: string,
  id: FactId,
  { facts }: Snapshot,
  glyphs: Glyphs,
  now: number,
): void {
  const { phase, glyph, text, tone, sentence } = factState(id, facts[id], 1, now);
  page.field(name, [span(`${glyph === '' ? '' : `${glyphs[glyph]} `}${text}`, tone)], { target: { pane: 'azure' } });
  // What Azure says itself, in its own length, stands on the pane this leads to.
  const why =
    sentence.split(' Azure says: ')[0] || (phase === 'forbidden' ? `Ask for the role ${roles[id] ?? 'Reader'}.` : '');
  if (why !== '') page.prose(why, 'dim', nameWidth + 2);
}

/** As wide as the names of the cluster's page, and the glyph. */
const nameWidth = 13;

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
