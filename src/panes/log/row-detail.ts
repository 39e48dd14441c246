import { clockMoment } from '../../model/clock.ts';
import { logPatterns, patternOf } from '../../model/log-patterns/index.ts';
import { age, number, wrap } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { type Spans, span, spansWidth } from '../spans.ts';
import type { LogBook, LogRow, LogSource } from './log-book.ts';
import { signOf } from './row-spans.ts';

/** What stands under the lines about the one under the cursor: what it means, what to do, then the whole of it. */
export function rowDetail(
  row: LogRow,
  source: LogSource | undefined,
  { columns, lines, glyphs, now }: { columns: number; lines: number; glyphs: Glyphs; now: number },
): Spans[] {
  const room = Math.max(10, columns - 3);
  const pattern = patternOf(row.known);
  const about: Spans[] =
    pattern === undefined
      ? []
      : [
          ...wrap(pattern.meaning, room).map((text, index) => [
            index === 0 ? signOf(pattern, glyphs) : span(' '),
            span(` ${text}`, 'strong'),
          ]),
          ...wrap(pattern.next, room).map((text, index) => [
            span(index === 0 ? glyphs.arrow : ' ', 'accent'),
            span(` ${text}`),
          ]),
        ];
  const of = source === undefined ? '' : `${source.pod} ${source.container}`;
  const runbook = pattern?.runbook === undefined ? '' : `r runs ${pattern.runbook}`;
  const place = [runbook, row.at === 0 ? '' : clockMoment(row.at, now), of].filter(Boolean).join(' · ');
  const whole = [
    ...(place === '' ? [] : [[span(`  ${place}`, 'dim')]]),
    ...wrap(row.text, room).map((text) => [span(`  ${text}`, 'dim')]),
  ];
  const all = [...about, ...whole];
  return all.length <= lines
    ? all
    : [...all.slice(0, lines - 1), [span(`  ${glyphs.ellipsis} enter shows all of it`, 'dim')]];
}

/** The known patterns of these logs, worst and most frequent first, as far as one line has room; '' = none. */
export function seenLine({ seen }: LogBook, columns: number, glyphs: Glyphs, now: number): Spans {
  const worst = { error: 0, warning: 1, note: 2 };
  const patterns = logPatterns
    .flatMap((pattern) => ({ pattern, ...(seen.get(pattern.id) ?? { count: 0, last: 0 }) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => worst[a.pattern.severity] - worst[b.pattern.severity] || b.count - a.count);
  const line: Spans[number][] = [];
  for (const [index, { pattern, count, last }] of patterns.entries()) {
    const ago = last === 0 ? '' : ` ${age(now - last)} ago`;
    const part = [
      span(line.length === 0 ? ' known: ' : ' · ', 'dim'),
      signOf(pattern, glyphs),
      span(` ${pattern.id}`),
      span(` ×${number(count)}${ago}`, 'dim'),
    ];
    const more = patterns.length - index;
    if (line.length > 0 && spansWidth([...line, ...part]) > columns - (more > 1 ? 10 : 0))
      return [...line, span(` · ${more} more`, 'dim')];
    line.push(...part);
  }
  return line;
}
