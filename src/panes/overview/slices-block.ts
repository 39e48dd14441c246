import type { Churn, ChurnEvent } from '../../model/churn.ts';
import { clockTime } from '../../model/clock.ts';
import type { Finding } from '../../model/finding.ts';
import { number, width } from '../../ui/text.ts';
import type { Glyphs, Theme } from '../../ui/theme.ts';
import { sparkline } from '../../ui/widgets/charts.ts';
import { lagLine, seconds } from '../lag-words.ts';
import type { PaneState } from '../pane-state.ts';
import { cell, type Spans, span } from '../spans.ts';
import type { Block, BlockLine } from './block.ts';

export type SlicesOptions = {
  churn: Churn;
  slices: number;
  endpoints: number;
  state: PaneState;
  /** Findings about endpoints and slices. */
  findings: readonly Finding[];
  theme: Theme;
  now: number;
};

/** How the endpoints churn and how far the slices are behind. */
export function slicesBlock(options: SlicesOptions): Block {
  const { state, findings } = options;
  const sick = findings.length > 0;
  return {
    id: 'slices',
    title: titleOf(options),
    want: state.phase === 'missing' ? 0 : 5,
    least: sick ? 2 : 0,
    sick,
    draw: (columns, rows) => draw(options, columns).slice(0, rows),
  };
}

function titleOf({ slices, endpoints, state, findings, theme: { glyphs } }: SlicesOptions): Spans {
  const title: Spans = [span('3', 'accent'), span(' Endpoint slices', 'strong')];
  if (state.phase !== 'live')
    return [...title, span(` ${state.glyph === '' ? '' : `${glyphs[state.glyph]} `}${state.text}`, state.tone)];
  const [worst] = findings;
  const glyph = worst === undefined ? 'ok' : worst.severity === 'error' ? 'error' : 'warning';
  return [
    ...title,
    span(` ${glyphs[glyph]}`, glyph),
    span(` ${number(slices)} for ${number(endpoints)} endpoints`, 'dim'),
  ];
}

function draw({ churn, theme, state, now }: SlicesOptions, columns: number): BlockLine[] {
  if (state.phase === 'missing') return [];
  const { perSecond, addressToEndpoint: first, endpointToSlice: second, waiting, waitingSince, stream } = churn;
  const rate = `${number(perSecond.at(-1) ?? 0)}/s`;
  const spark = sparkline(theme, perSecond, Math.max(8, columns - 12 - width(rate)));
  const wait =
    waiting > 0 && state.phase === 'live'
      ? `${number(waiting)} new ${waiting === 1 ? 'waits' : 'wait'} ${seconds(now - waitingSince)} · `
      : '';
  const lines: BlockLine[] = [
    {
      spans:
        state.phase === 'live'
          ? [span('churn ', 'dim'), span(spark, 'accent'), span(` ${rate}`)]
          : [span('churn not measured', 'dim')],
    },
    // What waits now matters more than how long others waited.
    { spans: [span('lag ', 'dim'), span(wait + lagLine(first, second, columns - 4 - width(wait)))] },
  ];
  for (const event of stream.slice(-40).reverse()) lines.push({ spans: eventLine(event, columns, theme.glyphs, now) });
  return lines;
}

function eventLine(
  { at, what, namespace, name, detail }: ChurnEvent,
  columns: number,
  { ellipsis }: Glyphs,
  now: number,
): Spans {
  const place = namespace === '' ? name : `${namespace}/${name}`;
  const room = Math.max(10, Math.min(width(place), columns - 8 - 1 - 13 - 1 - Math.min(20, width(detail)) - 1));
  return [
    span(`${clockTime(at, now)} `, 'dim'),
    span(`${cell(what.replace('service-', 'svc ').replace('-', ' '), 13)} `),
    span(`${cell(place, room, { ellipsis })} `),
    span(detail, 'dim'),
  ];
}
