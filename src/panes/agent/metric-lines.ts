import { dropMeaning } from '../../model/drop-reasons.ts';
import type { Fact } from '../../model/facts.ts';
import type { AgentMetrics } from '../../model/metrics.ts';
import { age, number } from '../../ui/text.ts';
import type { Theme } from '../../ui/theme.ts';
import { meter } from '../../ui/widgets/charts.ts';
import { dropTone, history, metricsTrouble, rateText } from '../metric-words.ts';
import type { Page } from '../page.ts';
import { cell, span } from '../spans.ts';

/** What this agent counts: drops by reason, what it forwards, its endpoints, and the tables in the kernel. */
export function metricLines(
  page: Page,
  node: string,
  fact: Fact<AgentMetrics> | undefined,
  theme: Theme,
  now: number,
): void {
  const reading = fact?.value?.agents.find((one) => one.node === node);
  const trouble = metricsTrouble(fact, now);
  page.section('What it counts', reading === undefined ? '' : `read ${age(now - reading.at)} ago`);
  if (trouble !== '') page.prose(trouble, 'dim');
  if (reading === undefined) {
    const unread = fact?.value?.unread.find((one) => one.node === node);
    if (trouble === '') page.prose(unread?.why ?? 'It has not been asked yet.', unread ? 'warning' : 'dim');
    return;
  }
  const { drops, dropsPerSecond, forwardsPerSecond, controllersFailing, endpointStates, mapPressure } = reading;
  page.field('forwards', [span(rateText(forwardsPerSecond))]);
  page.field('drops', [
    span(`${rateText(dropsPerSecond)} `),
    span(history(theme, reading.history, Math.min(30, Math.max(5, reading.history.length))), 'accent'),
  ]);
  for (const drop of drops) {
    const { text } = dropMeaning(drop.reason);
    page.line(
      [
        span('  '),
        span(cell(rateText(drop.perSecond), 18)),
        span(` ${drop.direction.padEnd(8)}`, 'dim'),
        span(drop.reason, dropTone(drop)),
        span(`${text === '' ? '' : `, ${text}`} · ${number(drop.total)} since it started`, 'dim'),
      ],
      { id: `drop ${drop.reason} ${drop.direction}`, troubled: dropTone(drop) !== 'plain' },
    );
  }
  const failing = controllersFailing ?? 0;
  page.field('controllers', [
    span(
      controllersFailing === null ? 'not told' : failing === 0 ? 'none fails' : `${number(failing)} failing`,
      failing > 0 ? 'warning' : 'plain',
    ),
  ]);
  const states = Object.entries(endpointStates).filter(([, count]) => count > 0);
  if (states.length > 0)
    page.field('endpoints', [span(states.map(([state, count]) => `${number(count)} ${state}`).join(', '))]);
  for (const [index, { map, ratio }] of mapPressure.entries()) {
    const { text, tone } = meter(theme, ratio, 16, { warnAt: 0.9, errorAt: 1 });
    page.field(index === 0 ? 'BPF maps' : '', [span(text, tone), span(` ${map}`, 'dim')]);
  }
}
