import { clockSecond, dateAndClock } from '../../model/clock.ts';
import type { Chart, ChartLine, ChartMark, ChartSpan } from './chart.ts';
import { escapeHtml } from './escape-html.ts';

/** The chart as one SVG element: no script, no file beside it; colours are the page's, so that they follow dark and print. */
export function drawChart(chart: Exclude<Chart, { type: 'nothing' }>): string {
  if (chart.type === 'lines') return drawLines(chart);
  return chart.type === 'bars' ? drawBars(chart) : drawSpans(chart);
}

const wide = 720;
const left = 56;
const right = 12;
const lineHeight = 18;
/** Of a wide one at 12 px. */
const letterWidth = 7;

function drawLines({ title, unit, lines, from, until }: Extract<Chart, { type: 'lines' }>): string {
  const high = 214;
  const [top, bottom] = [24, high - 24];
  const most = niceCeiling(Math.max(0, ...lines.flatMap(({ points }) => points.map(({ value }) => value ?? 0))));
  const x = (at: number) => place(at, from, until, left, wide - right);
  const y = (value: number) => bottom - (value / most) * (bottom - top);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = y(most * part).toFixed(1);
    return `<line class="grid" x1="${left}" x2="${wide - right}" y1="${at}" y2="${at}"/><text class="axis" x="${left - 6}" y="${at}" dy="4" text-anchor="end">${shortNumber(most * part)}</text>`;
  });
  const drawn = lines.map(
    (line, index) => `<g class="c${index % colours}"><title>${escapeHtml(line.label)}</title>${paths(line, x, y)}</g>`,
  );
  return (
    svg(title, high, [
      ...grid,
      timeAxis(from, until, high),
      `<text class="axis" x="${left}" y="12">${escapeHtml(unit)}</text>`,
      ...drawn,
    ]) + legend(lines)
  );
}

/** As many as there are classes c0, c1 … in the page's style. */
const colours = 6;

/** A line is broken where nothing was measured; a single point is drawn as one. */
function paths({ points }: ChartLine, x: (at: number) => number, y: (value: number) => number): string {
  const parts: string[][] = [[]];
  for (const { at, value } of points) {
    if (value === null) parts.push([]);
    else parts.at(-1)?.push(`${x(at).toFixed(1)},${y(value).toFixed(1)}`);
  }
  return parts
    .filter((part) => part.length > 0)
    .map((part) => {
      const [first = '0,0'] = part;
      if (part.length > 1) return `<polyline class="line" points="${part.join(' ')}"/>`;
      const [cx, cy] = first.split(',');
      return `<circle class="dot" cx="${cx}" cy="${cy}" r="3"/>`;
    })
    .join('');
}

function legend(lines: readonly ChartLine[]): string {
  const items = lines.map(({ label }, index) => `<li><i class="key c${index % colours}"></i>${escapeHtml(label)}</li>`);
  return `<ul class="legend">${items.join('')}</ul>`;
}

function drawBars({ title, unit, bars }: Extract<Chart, { type: 'bars' }>): string {
  const start = 260;
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const rows = bars.map(({ label, value }, index) => {
    const top = index * lineHeight + 4;
    const long = Math.max(1, (value / most) * (wide - start - 90));
    return `<g><title>${escapeHtml(`${label}: ${value}`)}</title><text class="label" x="${start - 8}" y="${top + 11}" text-anchor="end">${escapeHtml(shortened(label, 36))}</text><rect class="bar c0" x="${start}" y="${top + 1}" width="${long.toFixed(1)}" height="12"/><text class="axis" x="${(start + long + 6).toFixed(1)}" y="${top + 11}">${shortNumber(value)} ${escapeHtml(unit)}</text></g>`;
  });
  return svg(title, bars.length * lineHeight + 8, rows);
}

function drawSpans({ title, spans, marks, from, until }: Extract<Chart, { type: 'spans' }>): string {
  const high = spans.length * 2 * lineHeight + 52;
  const x = (at: number) => place(at, from, until, 10, wide - right);
  const rows = spans.map((span, index) => drawSpan(span, index * 2 * lineHeight, x));
  const foot = high - 40;
  const ticks = marks.map(
    ({ at, label }) =>
      `<g><title>${escapeHtml(`${clockSecond(at)} ${label}`)}</title><path class="mark" d="M${x(at).toFixed(1)} ${foot}v10"/></g>`,
  );
  return (
    svg(title, high, [
      ...rows,
      `<line class="grid" x1="10" x2="${wide - right}" y1="${foot + 10}" y2="${foot + 10}"/>`,
      ...ticks,
      timeAxis(from, until, high, 10),
    ]) + markNote(marks)
  );
}

function drawSpan({ label, tone, from, until, open }: ChartSpan, top: number, x: (at: number) => number): string {
  const [begin, end] = [x(from), Math.max(x(from) + 2, x(until))];
  // Its words never run out of the picture: they go to the side where there is more room, and no further.
  const isRight = end > wide - begin;
  const room = Math.floor((isRight ? end : wide - begin) / letterWidth);
  const text = escapeHtml(`${open ? '← ' : ''}${shortened(label, room)}`);
  const anchor = isRight && begin > left ? `x="${end.toFixed(1)}" text-anchor="end"` : `x="${begin.toFixed(1)}"`;
  return `<g><title>${escapeHtml(label)}</title><text class="label" ${anchor} y="${top + 13}">${text}</text><rect class="span ${tone}" x="${begin.toFixed(1)}" y="${top + 18}" width="${(end - begin).toFixed(1)}" height="9"/></g>`;
}

function markNote(marks: readonly ChartMark[]): string {
  return marks.length === 0
    ? ''
    : `<p class="small">${marks.length} ${marks.length === 1 ? 'change is' : 'changes are'} marked below the bars; the timeline names them.</p>`;
}

function timeAxis(from: number, until: number, high: number, begin = left): string {
  const ticks = until > from ? 5 : 1;
  const isLong = until - from > 15 * 60_000;
  return Array.from({ length: ticks }, (_, index) => {
    const isLast = index === ticks - 1;
    const at = isLast ? until : from + ((until - from) * index) / (ticks - 1);
    const anchor = isLast ? 'end' : index === 0 ? 'start' : 'middle';
    // The same minute comes again the next day.
    const day = until - from > 12 * 3_600_000 && (index === 0 || isLast) ? `${dateAndClock(at).slice(5, 10)} ` : '';
    const text = `${day}${isLong ? clockSecond(at).slice(0, 5) : clockSecond(at)}${isLast ? ' UTC' : ''}`;
    return `<text class="axis" x="${place(at, from, until, begin, wide - right).toFixed(1)}" y="${high - 6}" text-anchor="${anchor}">${text}</text>`;
  }).join('');
}

function svg(title: string, high: number, parts: readonly string[]): string {
  return `<svg role="img" aria-label="${escapeHtml(title)}" viewBox="0 0 ${wide} ${high}" xmlns="http://www.w3.org/2000/svg"><title>${escapeHtml(title)}</title>${parts.join('')}</svg>`;
}

function place(at: number, from: number, until: number, begin: number, end: number): number {
  if (until <= from) return end;
  return begin + ((Math.min(Math.max(at, from), until) - from) / (until - from)) * (end - begin);
}

/** 1, 2 or 5 times a power of ten: what an axis ends with. */
function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** At most eight letters: more would be cut at the edge of the picture. */
function shortNumber(value: number): string {
  if (value >= 1e15 || (value > 0 && value < 1e-3)) return value.toExponential(2).replace(/\.?0*e\+?/, 'e');
  const unit = [[1e12, 'T'] as const, [1e9, 'G'] as const, [1e6, 'M'] as const].find(([size]) => value >= size);
  if (unit !== undefined) return `${round(value / unit[0])}${unit[1]}`;
  return value >= 1e4 ? `${round(value / 1e3)}k` : String(round(value));
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
