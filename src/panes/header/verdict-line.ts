import type { Finding, Judgement, Severity } from '../../model/finding.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { staleLink } from '../../model/stale-link.ts';
import { age } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { calmWords } from '../calm-words.ts';
import { nothingKnown } from '../nothing-known.ts';
import { progressText } from '../progress-text.ts';
import { between, type Spans, span, spansWidth } from '../spans.ts';

/**
 * The verdict in one line, never scoped to a namespace. It is progressive while facts arrive, and says "nothing wrong"
 * only with how many checks looked.
 */
export function verdictLine(
  snapshot: Pick<Snapshot, 'judgement' | 'links' | 'cluster'>,
  glyphs: Glyphs,
  columns: number,
  now: number,
): Spans {
  const { judgement } = snapshot;
  const right: Spans =
    judgement.findings.length > 0 && columns >= 40 ? [span('  '), span('v', 'strong'), span(' why ', 'dim')] : [];
  const left = (dated: boolean): Spans => [span(' '), ...verdict(snapshot, glyphs, now, dated)];
  // Half an age reads as another one: where it has no room it is left out whole, and stands in its row below.
  const dated = spansWidth([...left(true), ...right]) <= columns;
  return between(left(dated), right, columns, glyphs.ellipsis);
}

function verdict(
  { judgement, links, cluster }: Pick<Snapshot, 'judgement' | 'links' | 'cluster'>,
  glyphs: Glyphs,
  now: number,
  dated: boolean,
): Spans {
  const arriving = progressText(links);
  const trouble = nothingKnown(links);
  if (trouble !== undefined) {
    return [span(`${glyphs.error} nothing is known yet: `, 'error'), span(trouble)];
  }
  if (judgement.of === 0) {
    const to = cluster.server === '' ? '' : ` to ${cluster.server}`;
    return [
      span(`${glyphs.progress} `, 'progress'),
      span(arriving === 'connecting' ? `connecting${to}` : `looking · ${arriving || 'first verdict in a moment'}`),
    ];
  }
  const counts = severityCounts(judgement.findings, glyphs);
  const [worst] = judgement.findings;
  const since = !dated || worst?.since === undefined ? [] : [span(` (${age(now - worst.since)})`, 'dim')];
  const told: Spans = worst === undefined ? [] : [span('  '), span(worst.title), ...since];
  const late = staleLink(links);
  if (late !== undefined) {
    const was = worst === undefined ? [span(isAllAllowed(links) ? 'nothing was wrong' : 'nothing found')] : counts;
    // Why we are blind is the first thing to mend; the findings stand below.
    const why: Spans = late.problem ? [span(`  ${late.problem}`, 'warning')] : told;
    return [span(`${glyphs.warning} as of ${age(now - late.heard)} ago: `, 'warning'), ...was, ...why];
  }
  if (worst === undefined) return calm(judgement, arriving, glyphs, now);
  if (arriving === '') return [...counts, ...told];
  return [span(`${glyphs.progress} so far `, 'progress'), ...counts, span(` · ${arriving}`, 'dim'), ...told];
}

function calm(judgement: Judgement, arriving: string, glyphs: Glyphs, now: number): Spans {
  const { glyph, words, suspects } = calmWords(judgement, arriving, now);
  const { looked, of } = judgement;
  const facts = [
    looked > 0 ? `${looked} of ${of} checks looked` : arriving === '' ? ':links says why' : '',
    arriving,
  ].filter((fact) => fact !== '');
  return [
    span(`${glyphs[glyph]} `, glyph),
    span(words),
    span(suspects === '' ? '' : ` · ${suspects}`, 'progress'),
    span(facts.map((fact) => ` · ${fact}`).join(''), 'dim'),
  ];
}

/** `✖ 2 ▲ 1`; notes are counted in words, they have no glyph that could be mistaken for trouble. */
function severityCounts(findings: readonly Finding[], glyphs: Glyphs): Spans {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, notes] = [count('error'), count('warning'), count('note')];
  const parts: Spans[] = [];
  if (errors > 0) parts.push([span(`${glyphs.error} ${errors}`, 'error')]);
  if (warnings > 0) parts.push([span(`${glyphs.warning} ${warnings}`, 'warning')]);
  if (notes > 0) parts.push([span(`${notes} ${notes === 1 ? 'note' : 'notes'}`, 'dim')]);
  return parts.flatMap((part, index) => (index === 0 ? part : [span(' '), ...part]));
}

/** Of what may not be read nobody knew whether it was well. */
function isAllAllowed(links: Snapshot['links']): boolean {
  return ![...links.values()].some(({ phase }) => phase === 'forbidden');
}
