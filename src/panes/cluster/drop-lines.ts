import { dropMeaning } from '../../model/drop-reasons.ts';
import { dropsOfCluster } from '../../model/metrics.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age, number } from '../../ui/text.ts';
import { dropTone, metricsTrouble, rateText } from '../metric-words.ts';
import type { Page } from '../page.ts';
import { cell, span } from '../spans.ts';

/** What agents drop, all of them together, by reason; the agents' list tells which of them. */
export function dropLines(page: Page, { facts }: Snapshot, now: number): void {
  const fact = facts.agentMetrics;
  const metrics = fact?.value;
  const trouble = metricsTrouble(fact, now);
  const read = metrics?.agents.length ?? 0;
  page.section(
    'Dropped by agents',
    metrics === undefined
      ? ''
      : `${number(read)} ${read === 1 ? 'agent' : 'agents'} read, each every ${age(metrics.roundMs)}`,
  );
  if (trouble !== '') page.prose(trouble, 'dim');
  if (metrics === undefined) return;
  const drops = dropsOfCluster(metrics);
  if (drops.length === 0) page.line([span('nothing', 'dim')]);
  for (const drop of drops.slice(0, mostReasons)) {
    const { text } = dropMeaning(drop.reason);
    page.line(
      [
        span(cell(rateText(drop.perSecond), 18)),
        span(` ${drop.direction.padEnd(8)}`, 'dim'),
        span(drop.reason, dropTone(drop)),
        span(text === '' ? '' : `, ${text}`, 'dim'),
      ],
      { id: `drop ${drop.reason} ${drop.direction}`, target: { pane: 'agents' }, troubled: dropTone(drop) !== 'plain' },
    );
  }
  for (const { pod, why } of metrics.unread.slice(0, mostUnread)) page.prose(`${pod}: ${why}`, 'warning');
  if (metrics.unread.length > mostUnread)
    page.line([span(`and ${number(metrics.unread.length - mostUnread)} more that could not be read`, 'dim')]);
}

const mostReasons = 8;
const mostUnread = 3;
