import { dropMeaning } from '../../model/drop-reasons.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { metricsTrouble, rateText } from '../metric-words.ts';
import type { Page } from '../page.ts';
import { span } from '../spans.ts';

/** Packets per second: less than this may be one that came late, and of everyday reasons some are dropped everywhere. */
const leastPerSecond = 0.2;
const leastEveryday = 1;
/** So many nodes are named to the pane that watches; it chooses of all where none is. */
const mostNamed = 6;

/** What is dropped on the nodes of the namespace's pods. Counters do not say whose packets these are: `:drops` does. */
export function dropLines(
  page: Page,
  { tables, facts }: Snapshot,
  namespace: string,
  glyphs: Glyphs,
  most: number,
  now: number,
): void {
  const pods = tables.pods.by('namespace', namespace).filter(({ hostNetwork, node }) => !hostNetwork && node !== '');
  const nodes = new Set(pods.map(({ node }) => node));
  if (nodes.size === 0) return;
  const fact = facts.agentMetrics;
  const own = (fact?.value?.agents ?? []).filter(({ node }) => nodes.has(node));
  const trouble = metricsTrouble(fact, now);
  const dropping = own.flatMap(({ node, drops }) =>
    drops
      .filter(
        ({ reason, perSecond }) =>
          (perSecond ?? 0) >= (dropMeaning(reason).isEveryday ? leastEveryday : leastPerSecond),
      )
      .map(({ reason, perSecond }) => ({ node, reason, perSecond: perSecond ?? 0 })),
  );
  const named = [...new Set(dropping.map(({ node }) => node))].slice(0, mostNamed);
  const target = { pane: 'drops', args: named.length > 0 ? named : [...nodes].slice(0, mostNamed) };
  const where = own.length < nodes.size ? `${number(own.length)} of its ${number(nodes.size)} nodes read` : '';
  if (own.length === 0) {
    page.field('drops', [span(trouble === '' ? 'not counted yet' : trouble, 'dim')], { target });
    return;
  }
  if (dropping.length === 0) {
    const well = trouble === '' ? 'ok' : 'unknown';
    const words = where === '' ? `nothing unusual on its ${number(nodes.size)} nodes` : `nothing unusual, ${where}`;
    page.field('drops', [span(`${glyphs[well]} `, well), span(words, 'dim')], { target });
    return;
  }
  const reasons = [...Map.groupBy(dropping, ({ reason }) => reason)]
    .map(([reason, all]) => ({
      reason,
      rate: all.reduce((sum, { perSecond }) => sum + perSecond, 0),
      count: all.length,
    }))
    .sort((a, b) => b.rate - a.rate);
  for (const [index, { reason, rate, count }] of reasons.slice(0, most).entries())
    page.field(
      index === 0 ? 'drops' : '',
      [
        span(`${glyphs.warning} ${rateText(rate)} ${reason}`, 'warning'),
        span(
          ` on ${number(count)} of its ${number(nodes.size)} nodes${where === '' ? '' : `, ${where}`}; of whom, :drops tells`,
          'dim',
        ),
      ],
      { target, troubled: true },
    );
}
