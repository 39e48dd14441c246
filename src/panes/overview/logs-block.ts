import type { AgentMetrics } from '../../model/metrics.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { GroundState } from '../log-ground.ts';
import { cell, type Spans, span } from '../spans.ts';
import type { Block, BlockLine } from './block.ts';
import type { DeniedNow } from './use-denied-now.ts';

export type LogsOptions = Readonly<{
  ground: GroundState;
  denied: DeniedNow | undefined;
  /** What the agents themselves count, for where there are no flow logs. */
  metrics: AgentMetrics | undefined;
  scope: string;
  glyphs: Glyphs;
}>;

/** Denied flows of the last minutes with how late they come; without flow logs what each node drops, by its own count. */
export function logsBlock(options: LogsOptions): Block {
  const { denied } = options;
  const fromLogs = denied !== undefined && denied.at > 0;
  const lines = fromLogs ? flowLines(denied, options.glyphs) : dropLines(options);
  return {
    id: 'logs',
    title: titleOf(options),
    want: lines(40).length,
    least: 0,
    share: 0.38,
    sick: false,
    draw: (columns, rows) => lines(columns).slice(0, rows),
  };
}

function titleOf({ ground, denied, metrics, glyphs }: LogsOptions): Spans {
  const title: Spans = [span('5', 'accent'), span(' Logs', 'strong')];
  const drops = metrics === undefined ? '' : ' · drops by the agents’ own count';
  if (denied === undefined) {
    const { glyph, text, tone } = ground.state;
    return [...title, span(` ${glyph === '' ? '' : `${glyphs[glyph]} `}${text}`, tone), span(drops, 'dim')];
  }
  const lag = denied.lateBy === 0 ? '' : ` · lag p95 ${age(denied.lateBy * 1000)}`;
  switch (denied.phase) {
    case 'asking':
      return [...title, span(` ${glyphs.progress} asking`, 'progress'), span(drops, 'dim')];
    case 'billed':
      return [...title, span(' Basic plan: every question is billed, 5 asks', 'dim'), span(drops, 'dim')];
    case 'missing':
      return [...title, span(` ${glyphs.unknown} no flow logs`, 'unknown'), span(drops, 'dim')];
    case 'failed':
      return [
        ...title,
        span(
          ` ${glyphs.warning} not asked since ${denied.at === 0 ? 'the start' : age(Date.now() - denied.at)}`,
          'warning',
        ),
        span(denied.at === 0 ? drops : lag, 'dim'),
      ];
    case 'known': {
      const total = denied.flows.reduce((sum, { flows }) => sum + flows, 0);
      if (total === 0) return [...title, span(` no denied flow in 15m · rows come minutes late${lag}`, 'dim')];
      return [...title, span(` ${number(total)} denied in 15m`, 'warning'), span(lag, 'dim')];
    }
  }
}

type Lines = (columns: number) => readonly BlockLine[];

function flowLines({ flows }: DeniedNow, glyphs: Glyphs): Lines {
  return (columns) =>
    flows.map(({ source, destination, port, flows: count }) => {
      const ends = `${source} ${glyphs.arrow} ${destination}${port === '' || port === '0' ? '' : `:${port}`}`;
      return {
        spans: [
          span(cell(number(count), 6, { align: 'right' }), 'strong'),
          span('  '),
          span(cell(ends, Math.max(8, columns - 8), { ellipsis: glyphs.ellipsis })),
        ],
      };
    });
}

/** `0.4/s np2-vmss000001  Policy denied egress`: only nodes that drop. */
function dropLines({ metrics, glyphs }: LogsOptions): Lines {
  const dropping = (metrics?.agents ?? [])
    .filter(({ dropsPerSecond }) => (dropsPerSecond ?? 0) > 0)
    .sort((a, b) => (b.dropsPerSecond ?? 0) - (a.dropsPerSecond ?? 0));
  return (columns) =>
    dropping.map(({ node, dropsPerSecond, drops }) => {
      const [most] = drops;
      const why = most === undefined ? '' : `  ${most.reason} ${most.direction}`;
      return {
        spans: [
          span(cell(`${Number((dropsPerSecond ?? 0).toPrecision(2))}/s`, 8, { align: 'right' }), 'strong'),
          span('  '),
          span(cell(`${node}${why}`, Math.max(8, columns - 10), { ellipsis: glyphs.ellipsis })),
        ],
      };
    });
}
