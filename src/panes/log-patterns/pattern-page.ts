import { clockMinute } from '../../model/clock.ts';
import { logPatterns } from '../../model/log-patterns/index.ts';
import type { LogPattern } from '../../model/log-patterns/log-pattern.ts';
import type { LogReading, LogSign, LogSigns } from '../../model/log-signs.ts';
import { age, cutMiddle, number, pad, wrap } from '../../ui/text.ts';
import type { Theme } from '../../ui/theme.ts';
import { sparkline } from '../../ui/widgets/charts.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { span } from '../spans.ts';
import { logView, runbookAbout } from '../views.ts';

/** The node of a pod, '' where it is not known. */
export type NodeOf = (namespace: string, pod: string) => string;

const mostPlaces = 6;
/** The chart's columns, five minutes each. */
const chartColumns = 24;
const minutesEach = 5;

/** Each pattern that stood in a log that was read: what it means, how often, since when, on which nodes; then what was read. */
export function patternPage(
  { signs, readings }: LogSigns,
  only: string,
  nodeOf: NodeOf,
  { columns, theme, now }: { columns: number; theme: Theme; now: number },
): ScreenLine[] {
  const page = createPage(columns, 12);
  const place = (one: Pick<LogSign, 'namespace' | 'pod'>) => nodeOf(one.namespace, one.pod) || one.pod;
  const wanted = signs.filter(
    (sign) => only === '' || sign.pattern.includes(only) || sign.pod.includes(only) || place(sign).includes(only),
  );
  for (const { pattern, all } of groups(wanted)) {
    const read = readings.filter((one) => all.some((sign) => isSameLog(sign, one)));
    block(page, pattern, all, read, place, columns, theme, now);
  }
  if (readings.length > 0 && wanted.length === 0)
    page.prose(
      only === ''
        ? 'None of the known lines stands in what was read.'
        : `No known line of what was read is of a pattern, a node or a pod with "${only}".`,
    );
  if (readings.length > 0) coverage(page, readings, place, now);
  return page.lines;
}

type Group = { pattern: LogPattern; all: readonly LogSign[] };

/** Worst first, then the most frequent. */
function groups(signs: readonly LogSign[]): readonly Group[] {
  const worst = { error: 0, warning: 1, note: 2 };
  const all = Map.groupBy(signs, ({ pattern }) => pattern);
  return logPatterns
    .flatMap((pattern) => {
      const found = all.get(pattern.id);
      return found === undefined ? [] : [{ pattern, all: found.toSorted((a, b) => b.count - a.count) }];
    })
    .sort((a, b) => worst[a.pattern.severity] - worst[b.pattern.severity] || sum(b.all) - sum(a.all));
}

function block(
  page: Page,
  pattern: LogPattern,
  all: readonly LogSign[],
  read: readonly LogReading[],
  place: (sign: LogSign) => string,
  columns: number,
  theme: Theme,
  now: number,
): void {
  const { glyphs } = theme;
  const { severity } = pattern;
  const sign = severity === 'note' ? span('· ', 'accent') : span(`${glyphs[severity]} `, severity);
  const [newest] = all.toSorted((a, b) => b.last - a.last);
  const first = Math.min(...all.map((one) => one.first));
  const places = new Set(all.map(place)).size;
  page.section(
    pattern.id,
    `${number(sum(all))} ${sum(all) === 1 ? 'line' : 'lines'} on ${places} ${places === 1 ? 'node' : 'nodes'}`,
  );
  for (const [index, text] of wrap(pattern.meaning, Math.max(10, columns - 6)).entries())
    page.line([index === 0 ? sign : span('  '), span(text, 'strong')], {
      id: `${pattern.id} meaning ${index}`,
      troubled: index === 0 && severity !== 'note',
      ...(newest && { target: logView(newest.namespace, newest.pod, newest.container) }),
    });
  page.prose(`${glyphs.arrow} ${pattern.next}`);
  if (pattern.runbook !== undefined)
    page.line([span(`${glyphs.arrow} `, 'accent'), span(`runbook ${pattern.runbook}`)], {
      id: `${pattern.id} runbook`,
      target: runbookAbout(pattern.runbook),
    });
  page.field('last 2h', [
    span(sparkline(theme, fives(all, now), chartColumns), severity === 'note' ? 'dim' : severity),
    span(` ${rateWords(all, read, now)}`),
  ]);
  page.field('seen', [
    span(`${clockMinute(first, now)}–${clockMinute(newest?.last ?? first, now)}Z`),
    span(`, last ${age(now - (newest?.last ?? first))} ago`, 'dim'),
  ]);
  const nameWidth = Math.min(Math.max(16, Math.floor(columns / 3)), Math.max(...all.map((one) => place(one).length)));
  for (const one of all.slice(0, mostPlaces)) {
    page.line(
      [
        span(`  ${pad(cutMiddle(place(one), nameWidth, glyphs.ellipsis), nameWidth)}`),
        span(` ${`×${number(one.count)}`.padStart(7)} `),
        span(sparkline(theme, fives([one], now), chartColumns), 'dim'),
        span(` last ${age(now - one.last)} ago`, 'dim'),
      ],
      {
        id: `${pattern.id} ${one.namespace}/${one.pod}/${one.container}`,
        target: logView(one.namespace, one.pod, one.container),
      },
    );
  }
  if (all.length > mostPlaces) page.line([span(`  and ${number(all.length - mostPlaces)} more logs`, 'dim')]);
}

function coverage(page: Page, readings: readonly LogReading[], place: (one: LogReading) => string, now: number): void {
  page.section('What this rests on', 'logs opened here; of others nothing is known');
  const shown = readings.toSorted((a, b) => b.to - a.to);
  for (const one of shown.slice(0, 20)) {
    const { namespace, pod, container, lines, from, to } = one;
    page.line(
      [
        span(`${place(one)} ${container} `),
        span(`${number(lines)} lines, ${clockMinute(from, now)}–${clockMinute(to, now)}Z`, 'dim'),
      ],
      { id: `read ${namespace}/${pod}/${container}`, target: logView(namespace, pod, container) },
    );
  }
  if (shown.length > 20) page.line([span(`and ${number(shown.length - 20)} more`, 'dim')]);
}

/** Lines in each five minutes of the last two hours, oldest first. */
function fives(signs: readonly LogSign[], now: number): readonly number[] {
  const last = Math.floor(now / 60_000);
  const values = Array.from({ length: chartColumns }, () => 0);
  for (const [minute, count] of signs.flatMap(({ minutes }) => minutes)) {
    const index = chartColumns - 1 - Math.floor((last - minute) / minutesEach);
    if (index >= 0 && index < chartColumns) values[index] = (values[index] ?? 0) + count;
  }
  return values;
}

/** Where nobody read the last minutes their silence says nothing. */
function rateWords(signs: readonly LogSign[], read: readonly LogReading[], now: number): string {
  const since = Math.floor(now / 60_000) - 10;
  const recent = signs
    .flatMap(({ minutes }) => minutes)
    .reduce((all, [minute, count]) => (minute > since ? all + count : all), 0);
  const until = Math.max(0, ...read.map(({ goesOn, to }) => (goesOn ? now : to)));
  if (recent === 0) return until < now - 60_000 ? `not read since ${clockMinute(until, now)}Z` : 'none in the last 10m';
  return recent < 10 ? `${recent} in the last 10m` : `${number(recent / 10)}/min in the last 10m`;
}

function isSameLog(a: Omit<LogReading, 'from' | 'to' | 'lines' | 'goesOn'>, b: typeof a): boolean {
  return a.pod === b.pod && a.container === b.container && a.namespace === b.namespace;
}

function sum(signs: readonly LogSign[]): number {
  return signs.reduce((all, { count }) => all + count, 0);
}
