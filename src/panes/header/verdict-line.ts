import type { Finding, Judgement, Severity } from '../../model/finding.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { nothingKnown } from '../nothing-known.ts';
import { between, type Spans, span } from '../spans.ts';
import { progressText } from './link-summary.ts';

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
  const parts = [...verdict(snapshot, glyphs, now)];
  return between([span(' '), ...parts], right, columns, glyphs.ellipsis);
}

function verdict(
  { judgement, links, cluster }: Pick<Snapshot, 'judgement' | 'links' | 'cluster'>,
  glyphs: Glyphs,
  now: number,
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
  const since = worst?.since === undefined ? [] : [span(` (${age(now - worst.since)})`, 'dim')];
  const told: Spans = worst === undefined ? [] : [span('  '), span(worst.title), ...since];
  const late = latestTrouble(links, now);
  if (late !== undefined) {
    const was = worst === undefined ? [span('nothing was wrong')] : counts;
    // Why we are blind is the first thing to mend; the findings stand below.
    const why: Spans = late.problem === '' ? told : [span(`  ${late.problem}`, 'warning')];
    return [span(`${glyphs.warning} as of ${late.age} ago: `, 'warning'), ...was, ...why];
  }
  if (arriving !== '') {
    if (worst !== undefined)
      return [span(`${glyphs.progress} so far `, 'progress'), ...counts, span(` · ${arriving}`, 'dim'), ...told];
    const { looked, of } = judgement;
    if (looked === 0) return [span(`${glyphs.progress} looking`, 'progress'), span(` · ${arriving}`, 'dim')];
    return [
      span(`${glyphs.progress} so far nothing wrong`, 'progress'),
      span(` · ${looked} of ${of} checks looked · ${arriving}`, 'dim'),
    ];
  }
  return worst === undefined ? calmWords(judgement, glyphs, now) : [...counts, ...told];
}

function calmWords({ looked, of, waiting }: Judgement, glyphs: Glyphs, now: number): Spans {
  if (looked === 0)
    return [span(`${glyphs.unknown} nothing could be looked at`, 'unknown'), span(' · :links says why', 'dim')];
  const all = looked === of;
  const checks = span(` · ${looked} of ${of} checks looked`, 'dim');
  // What may be told in a minute is not well now.
  if (waiting.length > 0) {
    const words = all ? 'so far nothing' : 'so far nothing in what could be looked at';
    return [span(`${glyphs.progress} `, 'progress'), span(words), span(suspectsText(waiting, now), 'progress'), checks];
  }
  const words = all ? 'nothing wrong' : 'nothing wrong in what could be looked at';
  return [all ? span(`${glyphs.ok} `, 'ok') : span(`${glyphs.unknown} `, 'unknown'), span(words), checks];
}

/** ` · 6 suspects, known in 45s`: by when the first of them is told, if it stays. */
function suspectsText(waiting: Judgement['waiting'], now: number): string {
  const count = waiting.reduce((sum, one) => sum + one.count, 0);
  const left = Math.min(...waiting.map(({ knownAt }) => knownAt)) - now;
  const first = waiting.length > 1 ? 'the first known' : 'known';
  return ` · ${number(count)} ${count === 1 ? 'suspect' : 'suspects'}, ${first} ${left < 1_000 ? 'in a moment' : `in ${age(left)}`}`;
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

/** How old what we judge is and why, by the core links that everything rests on; undefined while they are live. */
function latestTrouble(links: Snapshot['links'], now: number): { age: string; problem: string } | undefined {
  const late = (['systemPods', 'nodes', 'pods'] as const).flatMap((source) => {
    const link = links.get(source);
    return link?.phase === 'stale' && link.heard > 0 ? [link] : [];
  });
  const [oldest] = late.sort((a, b) => a.heard - b.heard);
  return oldest && { age: age(now - oldest.heard), problem: oldest.problem ?? '' };
}
