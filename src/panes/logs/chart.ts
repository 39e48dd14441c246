import type { QueryEvent, ResultColumn } from '../../model/azure/log-query.ts';
import type { SavedQuery } from '../../queries/saved-query.ts';
import { isNumber } from './cell-text.ts';
import type { Entry } from './result.ts';

/** A result as a picture: over time, or a bar for each row. */
export type Chart =
  | Readonly<{
      kind: 'time';
      /** ms since 1970, ascending, one for each value. */
      times: readonly number[];
      series: readonly ChartSeries[];
      /** What is counted. */
      measure: string;
    }>
  | Readonly<{
      kind: 'bars';
      bars: readonly Readonly<{ name: string; value: number }>[];
      measure: string;
      rest: number;
    }>;

/** null = no row says anything of that moment. */
export type ChartSeries = Readonly<{ name: string; values: readonly (number | null)[]; most: number; total: number }>;

type Render = Extract<QueryEvent, { type: 'render' }> | undefined;

/** What it could be drawn as: undefined = only a table says it. */
export function chartOf(
  columns: readonly ResultColumn[],
  entries: readonly Entry[],
  render: Render,
  hint: SavedQuery['chart'],
): Chart | undefined {
  const named = (name: string | undefined) =>
    name === undefined || name === '' ? -1 : columns.findIndex((one) => one.name === name);
  const measure = firstOf([named(hint?.y), named(render?.yColumns[0]), columns.findIndex(isNumber)]);
  if (measure === undefined || entries.length === 0) return undefined;
  const isBars = /^(?:bar|column|pie|treemap|ladder)/.test(render?.visualization ?? '');
  const time = firstOf([named(hint?.x), named(render?.xColumn), columns.findIndex(({ type }) => type === 'datetime')]);
  const rows = entries.slice(0, mostRows).filter(({ gap }) => gap === '');
  if (!isBars && time !== undefined && columns[time]?.type === 'datetime') {
    const by = [named(hint?.by), ...(render?.series ?? []).map(named)].filter((index) => index >= 0);
    const names = by.length > 0 ? by : columns.flatMap(({ type }, index) => (type === 'string' ? [index] : []));
    return timeChart(columns, rows, time, measure, names);
  }
  return barChart(columns, rows, measure);
}

/** A picture of more is no clearer; the table has them all. */
const mostRows = 20_000;
const mostBars = 200;

function firstOf(candidates: readonly number[]): number | undefined {
  return candidates.find((index) => index >= 0);
}

/** Undefined where moments repeat within one line: then the rows are events and not bins. */
function timeChart(
  columns: readonly ResultColumn[],
  rows: readonly Entry[],
  time: number,
  measure: number,
  names: readonly number[],
): Chart | undefined {
  const lines = new Map<string, Map<number, number>>();
  const moments = new Set<number>();
  for (const { cells } of rows) {
    const at = Date.parse(String(cells[time] ?? ''));
    const value = cells[measure] === null ? Number.NaN : Number(cells[measure]);
    if (Number.isNaN(at) || Number.isNaN(value)) continue;
    const name = names.map((index) => String(cells[index] ?? '')).join(' ') || (columns[measure]?.name ?? '');
    const line = lines.get(name) ?? new Map<number, number>();
    if (line.has(at)) return undefined;
    line.set(at, value);
    lines.set(name, line);
    moments.add(at);
  }
  const seen = [...moments].sort((a, b) => a - b);
  if (seen.length < 2) return undefined;
  const times = evenly(seen);
  const series = [...lines].map(([name, line]): ChartSeries => {
    const values = times.map((at) => line.get(at) ?? null);
    const known = [...line.values()];
    return { name, values, most: Math.max(...known), total: known.reduce((sum, value) => sum + value, 0) };
  });
  return {
    kind: 'time',
    times,
    series: series.sort((a, b) => b.total - a.total),
    measure: columns[measure]?.name ?? '',
  };
}

/** Bins in which nothing was counted have no row: they are put back, as long as there is one step that fits all. */
function evenly(seen: readonly number[]): readonly number[] {
  const first = seen[0] as number;
  const last = seen.at(-1) as number;
  const step = Math.min(...seen.slice(1).map((at, index) => at - (seen[index] as number)));
  if ((last - first) / step > 5_000 || seen.some((at) => (at - first) % step !== 0)) return seen;
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}

function barChart(columns: readonly ResultColumn[], rows: readonly Entry[], measure: number): Chart | undefined {
  const named = columns.flatMap(({ type }, index) => (index !== measure && type === 'string' ? [index] : []));
  if (named.length === 0) return undefined;
  const bars = rows.flatMap(({ cells }) => {
    const value = cells[measure] === null ? Number.NaN : Number(cells[measure]);
    return Number.isNaN(value)
      ? []
      : [
          {
            name: named
              .map((index) => String(cells[index] ?? ''))
              .filter(Boolean)
              .join(' · '),
            value,
          },
        ];
  });
  if (bars.length === 0) return undefined;
  return {
    kind: 'bars',
    bars: bars.slice(0, mostBars),
    measure: columns[measure]?.name ?? '',
    rest: Math.max(0, bars.length - mostBars),
  };
}
