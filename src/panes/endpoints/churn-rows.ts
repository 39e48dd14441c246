import type { Churn, ChurnEvent } from '../../model/churn.ts';
import { clockSecond } from '../../model/clock.ts';
import type { SourceId } from '../../model/link.ts';
import { writingOperator } from '../../model/metrics.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age, number } from '../../ui/text.ts';
import type { Span, Theme, Tone } from '../../ui/theme.ts';
import { sparkline } from '../../ui/widgets/charts.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { lagText } from '../lag-words.ts';
import { metricsTrouble, operatorSpans } from '../metric-words.ts';
import { type Spans, span } from '../spans.ts';

export type StreamRow = ChurnEvent & { id: string };

/** Newest first. The id is the event's place in the whole stream, so that rows keep it while older ones fall out. */
export function streamRows(churn: Churn, scope: string): readonly StreamRow[] {
  const rows = churn.stream.map((event, index): StreamRow => ({ ...event, id: String(churn.dropped + index) }));
  return (scope === '' ? rows : rows.filter((row) => row.namespace === scope)).reverse();
}

export const streamColumns: readonly Column[] = [
  { id: 'at', title: 'TIME', min: 8, max: 8 },
  { id: 'what', title: 'WHAT', min: 13, max: 13 },
  { id: 'namespace', title: 'NAMESPACE', min: 9, max: 20 },
  { id: 'name', title: 'NAME', min: 16, max: 52 },
  { id: 'detail', title: '', min: 8, cut: 'end', grow: true },
];

const words: Record<ChurnEvent['what'], { text: string; tone?: Tone }> = {
  added: { text: '+ added' },
  gone: { text: '− gone', tone: 'dim' },
  moved: { text: '→ moved', tone: 'accent' },
  identity: { text: '~ identity', tone: 'accent' },
  address: { text: '~ address', tone: 'accent' },
  state: { text: '~ state' },
  'slice-added': { text: '+ slice' },
  'slice-gone': { text: '− slice', tone: 'warning' },
  'slice-changed': { text: '~ slice' },
  'service-added': { text: '+ service' },
  'service-gone': { text: '− service', tone: 'warning' },
  'service-changed': { text: '~ service' },
};

export function streamCells(row: StreamRow): readonly Cell[] {
  const word = words[row.what];
  return [
    clockSecond(row.at),
    word.tone ? { text: word.text, tone: word.tone } : word.text,
    row.namespace,
    row.name,
    row.detail,
  ];
}

type Links = Snapshot['links'];

/** What stands above the stream: pace, lag, where it comes from. A pace is told only of what is being watched now. */
export function churnLines(
  churn: Churn,
  theme: Theme,
  width: number,
  now: number,
  { links, facts }: Pick<Snapshot, 'links' | 'facts'>,
): readonly (readonly Span[])[] {
  const columns = Math.max(10, Math.min(60, Math.floor((width - 50) / 2)));
  return [
    paceLine(churn, theme, columns, links),
    lagLine(churn, now, links),
    operatorLine(facts.agentMetrics, theme, width, now),
    ...namespaceLine(churn, width),
  ];
}

function isLive(links: Links, source: SourceId): boolean {
  return links.get(source)?.phase === 'live';
}

function paceLine(churn: Churn, theme: Theme, columns: number, links: Links): readonly Span[] {
  const pace = (name: string, source: SourceId, counts: readonly number[]): readonly Span[] =>
    isLive(links, source)
      ? [
          { text: name, tone: 'dim' },
          { text: sparkline(theme, counts, columns), tone: 'accent' },
          { text: ` ${perSecond(counts)}/s`, tone: 'strong' },
        ]
      : [
          { text: name, tone: 'dim' },
          { text: 'not measured', tone: 'dim' },
        ];
  return [
    ...pace(' endpoints ', 'ciliumEndpoints', churn.perSecond),
    ...pace('   slice writes ', 'ciliumEndpointSlices', churn.slicesPerSecond),
  ];
}

/** Over the last ten seconds; below ten a second with one digit, because 0.3 is not 0. */
function perSecond(counts: readonly number[]): string {
  const last = counts.slice(-10);
  const rate = last.length === 0 ? 0 : last.reduce((sum, count) => sum + count, 0) / last.length;
  return rate === 0 ? '0' : rate < 10 ? rate.toFixed(1) : number(Math.round(rate));
}

function lagLine(churn: Churn, now: number, links: Links): readonly Span[] {
  const watched = isLive(links, 'ciliumEndpoints') && isLive(links, 'ciliumEndpointSlices');
  const waiting: readonly Span[] = !watched
    ? []
    : churn.waiting === 0
      ? [{ text: 'none waits', tone: 'dim' }]
      : [
          {
            text: `${number(churn.waiting)} new wait for a slice, the oldest ${age(now - churn.waitingSince)}`,
            tone: now - churn.waitingSince > 60_000 ? 'error' : 'plain',
          },
        ];
  return [
    { text: ' lag  address → endpoint ', tone: 'dim' },
    { text: lagText(churn.addressToEndpoint) },
    { text: '  endpoint → slice ', tone: 'dim' },
    { text: lagText(churn.endpointToSlice) },
    { text: '  ' },
    ...waiting,
  ];
}

/** What is seen from here and what the operator says of itself need not be the same. */
function operatorLine(fact: Snapshot['facts']['agentMetrics'], theme: Theme, width: number, now: number): Spans {
  const reading = fact?.value && writingOperator(fact.value);
  if (reading !== undefined)
    return [span(' operator ', 'dim'), ...operatorSpans(reading, theme, Math.max(0, Math.min(30, width - 75)))];
  return [span(' operator ', 'dim'), span(metricsTrouble(fact, now) || 'not read yet', 'dim')];
}

function namespaceLine(churn: Churn, width: number): readonly (readonly Span[])[] {
  const [first] = churn.byNamespace;
  if (first === undefined) return [];
  let text = ' a minute ';
  for (const { namespace, changes } of churn.byNamespace) {
    const part = ` ${namespace || 'cluster'} ${number(changes)} ·`;
    if (text.length + part.length > width) break;
    text += part;
  }
  return [[{ text: text.replace(/ ·$/, ''), tone: 'dim' }]];
}
