import { dropMeaning } from '../model/drop-reasons.ts';
import type { Fact } from '../model/facts.ts';
import type { AgentMetrics, AgentReading, DropCount, OperatorReading } from '../model/metrics.ts';
import { age, number } from '../ui/text.ts';
import type { Theme, Tone } from '../ui/theme.ts';
import { sparkline } from '../ui/widgets/charts.ts';
import { type Spans, span } from './spans.ts';

/** How reading metrics is doing, in one sentence; '' where it is in step. */
export function metricsTrouble(fact: Fact<AgentMetrics> | undefined, now: number): string {
  if (fact === undefined) return 'The metrics of agents are not asked for.';
  const { phase, problem = '', heard } = fact.link;
  if (phase === 'live') return '';
  if (phase === 'stale') return `Not heard for ${age(now - heard)}: ${problem}`;
  if (phase === 'connecting') return 'The metrics of agents are being read for the first time.';
  return problem;
}

/** `0.7/s`; what is not known yet has no rate. */
export function rateText(perSecond: number | null): string {
  if (perSecond === null) return 'rate not known yet';
  if (perSecond === 0) return '0/s';
  return perSecond < 0.1
    ? `${(perSecond * 60).toFixed(1)}/min`
    : `${perSecond < 10 ? perSecond.toFixed(1) : number(perSecond)}/s`;
}

/** Only what was measured is drawn. */
export function history(theme: Theme, points: readonly (number | null)[], columns: number): string {
  return sparkline(
    theme,
    points.flatMap((point) => point ?? []),
    columns,
  );
}

/** Everyday ones are no trouble, what is full is. */
export function dropTone({ reason, perSecond }: DropCount): Tone {
  const { isEveryday, severity } = dropMeaning(reason);
  if (isEveryday || (perSecond ?? 0) < 0.2) return 'plain';
  return severity === 'error' ? 'error' : 'warning';
}

/** What counts in a table's column: everything that is dropped, in the colour of its worst reason. */
export function dropCell(reading: AgentReading | undefined): { text: string; tone: Tone } {
  if (reading === undefined || reading.dropsPerSecond === null) return { text: '', tone: 'dim' };
  const worst = reading.drops.map(dropTone).find((tone) => tone !== 'plain');
  return { text: reading.dropsPerSecond === 0 ? '0' : rateText(reading.dropsPerSecond), tone: worst ?? 'dim' };
}

/** What the operator itself says of its slices, in one line. */
export function operatorSpans(reading: OperatorReading, theme: Theme, columns: number): Spans {
  const { syncsPerSecond, failsPerSecond, queueP50, queueP99 } = reading;
  const fails = failsPerSecond ?? 0;
  const waits =
    queueP99 === null
      ? 'nothing written since the last reading'
      : `waits half ${seconds(queueP50)}, 1 in 100 ${seconds(queueP99)}`;
  return [
    span(`writes ${rateText(syncsPerSecond)}`),
    span(fails > 0 ? `, ${rateText(failsPerSecond)} fail` : ', none fails', fails > 0 ? 'error' : 'dim'),
    span(`  ${waits} `, (queueP99 ?? 0) >= 60 ? 'warning' : 'plain'),
    span(columns > 0 ? history(theme, reading.history, columns) : '', 'accent'),
  ];
}

function seconds(value: number | null): string {
  if (value === null) return 'unknown';
  return value < 10 ? `${value.toFixed(1)}s` : age(value * 1_000);
}
