import { clock } from '../../model/clock.ts';
import { age, number, pad } from '../../ui/text.ts';
import type { Theme } from '../../ui/theme.ts';
import { bar, sparkline } from '../../ui/widgets/charts.ts';
import { cell, type Spans, span } from '../spans.ts';
import type { Chart, ChartSeries } from './chart.ts';

/**
 * The picture as lines: axes and names in words, so that nothing is said by colour. Rows of after `complete` (ms since
 * 1970) are still coming in: what falls there is no fall.
 */
export function chartLines(
  chart: Chart,
  width: number,
  height: number,
  theme: Theme,
  complete: number,
): readonly Spans[] {
  if (chart.kind === 'bars') return barLines(chart, width, height, theme);
  const [only, ...others] = chart.series;
  if (only === undefined) return [];
  return others.length === 0 && height >= 6
    ? tallLines(chart, only, width, height, theme, complete)
    : seriesLines(chart, width, height, theme, complete);
}

/** `checkout → db  ████████░░░░  412`. */
function barLines(
  chart: Extract<Chart, { kind: 'bars' }>,
  width: number,
  height: number,
  theme: Theme,
): readonly Spans[] {
  const most = Math.max(...chart.bars.map(({ value }) => Math.abs(value)));
  const numbers = Math.max(...chart.bars.map(({ value }) => shortNumber(value).length));
  const names = Math.min(Math.floor(width / 2), Math.max(...chart.bars.map(({ name }) => name.length)));
  const room = Math.max(4, width - names - numbers - 5);
  const shown = chart.bars.slice(0, Math.max(1, height - 2));
  const left = chart.bars.length - shown.length + chart.rest;
  return [
    [span(` ${chart.measure}, greatest ${shortNumber(most)}`, 'dim')],
    ...shown.map(({ name, value }) => [
      span(` ${cell(name, names, { ellipsis: theme.glyphs.ellipsis })}  `),
      span(bar(theme, most === 0 ? 0 : Math.abs(value) / most, room), 'accent'),
      span(` ${pad(shortNumber(value), numbers, 'right')}`),
    ]),
    ...(left > 0 ? [[span(` ${number(left)} more rows; b shows the table`, 'dim')]] : []),
  ];
}

/** One line of the result, as high as there is room: its scale on the left, time below. */
function tallLines(
  chart: Extract<Chart, { kind: 'time' }>,
  series: ChartSeries,
  width: number,
  height: number,
  theme: Theme,
  complete: number,
): readonly Spans[] {
  const high = Math.min(height - 3, 14);
  const scale = Math.max(shortNumber(series.most).length, 1);
  const room = Math.max(8, width - scale - 4);
  const cells = toColumns(series.values, room);
  const whole = wholeColumns(chart, complete, room);
  const { levels } = theme.glyphs;
  const steps = levels.length - 1;
  const rows = Array.from({ length: high }, (_, index) => {
    const row = high - 1 - index;
    const drawn = cells.map((value) => {
      if (value === null || value <= 0 || series.most <= 0) return ' ';
      const filled = Math.max(1, Math.round((value / series.most) * high * steps)) - row * steps;
      return levels[Math.max(0, Math.min(steps, filled))] ?? ' ';
    });
    const mark = index === 0 ? shortNumber(series.most) : row === 0 ? '0' : '';
    return [span(` ${pad(mark, scale, 'right')} ${theme.glyphs.bar}`, 'dim'), ...partsOf(drawn.join(''), whole)];
  });
  return [
    [
      span(
        ` ${chart.measure}${series.name === chart.measure ? '' : ` · ${series.name}`} · sum ${shortNumber(series.total)}`,
        'dim',
      ),
    ],
    ...rows,
    timeAxis(chart, cells.length, scale + 3, theme),
    [span(` ${stepWords(chart, cells.length)}${comingWords(chart, complete, theme)}`, 'dim')],
  ];
}

/** A line each, the greatest first, all on one scale. */
function seriesLines(
  chart: Extract<Chart, { kind: 'time' }>,
  width: number,
  height: number,
  theme: Theme,
  complete: number,
): readonly Spans[] {
  const shown = chart.series.slice(0, Math.max(1, height - 3));
  const names = Math.min(Math.floor(width / 3), Math.max(...shown.map(({ name }) => name.length)));
  const numbers = Math.max(3, ...shown.map(({ total }) => shortNumber(total).length));
  const room = Math.max(8, width - names - 2 * numbers - 7);
  const most = Math.max(...chart.series.map((one) => one.most));
  const columns = toColumns(shown[0]?.values ?? [], room).length;
  const whole = wholeColumns(chart, complete, room);
  const left = chart.series.length - shown.length;
  return [
    [
      span(
        ` ${pad('', names)}  ${pad('', columns)}  ${pad('max', numbers, 'right')} ${pad('sum', numbers, 'right')}`,
        'dim',
      ),
    ],
    ...shown.map(({ name, values, most: own, total }) => [
      span(` ${cell(name, names, { ellipsis: theme.glyphs.ellipsis })}  `),
      ...partsOf(
        sparkline(
          theme,
          toColumns(values, room).map((value) => value ?? 0),
          columns,
          most,
        ),
        whole,
      ),
      span(`  ${pad(shortNumber(own), numbers, 'right')} ${pad(shortNumber(total), numbers, 'right')}`),
    ]),
    timeAxis(chart, columns, names + 3, theme),
    [
      span(
        ` ${stepWords(chart, columns)}${comingWords(chart, complete, theme)}${left > 0 ? ` · ${left} more lines; b shows the table` : ''}`,
        'dim',
      ),
    ],
  ];
}

/** `11:04 ─────── 12:04`, under the values. */
function timeAxis({ times }: Extract<Chart, { kind: 'time' }>, columns: number, indent: number, theme: Theme): Spans {
  const [from, to] = [momentWords(times[0] ?? 0, times), momentWords(times.at(-1) ?? 0, times)];
  const rule = theme.glyphs.rule.repeat(Math.max(1, columns - from.length - to.length - 2));
  return [span(`${' '.repeat(indent)}${from} ${rule} ${to}`, 'dim')];
}

/** With the day where the picture is of more than one. */
function momentWords(at: number, times: readonly number[]): string {
  const long = (times.at(-1) ?? 0) - (times[0] ?? 0) > 20 * 3_600_000;
  const time = clock(at).slice(0, 5);
  return long ? `${new Date(at).toISOString().slice(5, 10)} ${time}` : time;
}

function stepWords({ times, measure }: Extract<Chart, { kind: 'time' }>, columns: number): string {
  const step = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / Math.max(1, times.length - 1);
  const merged = Math.ceil(times.length / Math.max(1, columns));
  const words = `${measure}, one value is ${age(step * merged)}`;
  return merged > 1 ? `${words}, its greatest value` : words;
}

/** The first value of which rows may still come; one beyond the last where all are whole. */
function firstComing({ times }: Extract<Chart, { kind: 'time' }>, complete: number): number {
  const step = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / Math.max(1, times.length - 1);
  const found = times.findIndex((at) => at + step > complete);
  return found < 0 ? times.length : found;
}

function wholeColumns(chart: Extract<Chart, { kind: 'time' }>, complete: number, room: number): number {
  const first = firstComing(chart, complete);
  // As the values are laid out, so that both always agree.
  const columns = toColumns(
    chart.times.map((_, index) => (index >= first ? 1 : 0)),
    room,
  );
  const found = columns.indexOf(1);
  return found < 0 ? columns.length : found;
}

function partsOf(drawn: string, whole: number): Spans {
  return [span(drawn.slice(0, whole), 'accent'), span(drawn.slice(whole), 'dim')];
}

function comingWords(chart: Extract<Chart, { kind: 'time' }>, complete: number, { glyphs }: Theme): string {
  const from = chart.times[firstComing(chart, complete)];
  return from === undefined ? '' : ` · ${glyphs.about} still coming in since ${momentWords(from, chart.times)}`;
}

/** At most `room` columns: few values take several each; of several values that share a column the greatest, so that no peak is lost. */
function toColumns(values: readonly (number | null)[], room: number): readonly (number | null)[] {
  const each = Math.ceil(values.length / Math.max(1, room));
  const wide = Math.max(1, Math.min(8, Math.floor(room / Math.max(1, values.length))));
  if (wide > 1) return values.flatMap((value) => Array.from({ length: wide }, () => value));
  const columns: (number | null)[] = [];
  for (let start = 0; start < values.length; start += each) {
    const known = values.slice(start, start + each).filter((value) => value !== null);
    columns.push(known.length === 0 ? null : Math.max(...known));
  }
  return columns;
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? number(value) : String(Number(value.toPrecision(4)));
}
