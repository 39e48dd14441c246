import { type Finding, findingKey, type Judgement } from '../../model/finding.ts';
import { tellsTraits } from '../../model/only-sick.ts';
import type { TimelineEntry } from '../../model/timeline.ts';
import { age, width, wrap } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import { calmWords, suspectCount } from '../calm-words.ts';
import { shortenImages } from '../short-image.ts';
import { shortenNames } from '../shorten-names.ts';
import { beforeText, shortlyBefore } from '../shortly-before.ts';
import { cell, type Spans, span, withReach } from '../spans.ts';
import type { Block, BlockLine } from './block.ts';

export type WrongNowOptions = {
  judgement: Judgement;
  /** What is still being read; '' when all has settled. */
  arriving: string;
  /** Why nothing is known at all, whole, with what to do; '' otherwise. */
  trouble: string;
  /** Those the filter left. */
  findings: readonly Finding[];
  timeline: readonly TimelineEntry[];
  /** The item under the cursor, which is kept in sight. */
  cursor: string;
  glyphs: Glyphs;
  now: number;
};

type Told = WrongNowOptions & {
  before: ReadonlyMap<Finding, TimelineEntry>;
  /** What only the things of a finding share. */
  shared: ReadonlyMap<Finding, string>;
};

export function wrongNow(given: WrongNowOptions): Block {
  const { findings, trouble } = given;
  if (trouble !== '' && findings.length === 0) return blind(trouble, given);
  const options: Told = { ...given, before: suspicions(findings, given.timeline), shared: sharedOnce(findings) };
  return {
    id: 'wrong-now',
    title: titleOf(options),
    heading: (columns) =>
      findings.length === 0 ? '' : headingOf(columns, titleWidth(findings, columns), reachWidth(findings)),
    want: findings.reduce((sum, finding) => sum + 1 + below(finding, options, 0).length, 0),
    least: Math.min(findings.length, 4),
    sick: findings.length > 0,
    draw: (columns, rows) => draw(options, columns, rows),
  };
}

/** Nothing else can be told before this is mended: the header has room for its beginning only. */
function blind(trouble: string, given: WrongNowOptions): Block {
  const { glyphs } = given;
  return {
    id: 'wrong-now',
    title: titleOf(given),
    want: 6,
    least: 4,
    sick: true,
    draw: (columns, rows) =>
      wrap(trouble, Math.max(1, columns - 2))
        .slice(0, rows)
        .map((line, index) => ({ spans: [span(`${index === 0 ? glyphs.error : ' '} `, 'error'), span(line)] })),
  };
}

function titleOf({ judgement, arriving, glyphs, now }: WrongNowOptions): Spans {
  const { findings, looked, of, waiting } = judgement;
  if (of === 0) return [span('Wrong now', 'strong'), span(' · nothing judged yet', 'dim')];
  const checks = ` · ${looked === of ? '' : `${looked} of `}${of} checks looked`;
  const watched = (suspects: string) => (suspects === '' ? '' : ` · ${suspects}`);
  if (findings.length > 0)
    return [span('Wrong now', 'strong'), span(`${checks}${watched(suspectCount(waiting))}`, 'dim')];
  const { glyph, words, suspects } = calmWords(judgement, arriving, now);
  return [
    span('Wrong now', 'strong'),
    span(` ${glyphs[glyph]} ${words}`, glyph),
    span(`${watched(suspects)}${checks}`, 'dim'),
  ];
}

const sinceWidth = 5;
const gap = 2;

function reachWidth(findings: readonly Finding[]): number {
  return Math.min(14, Math.max(5, ...findings.map((finding) => width(finding.reach))));
}

/** As wide as the longest title, so that on a wide screen one need not follow a line across it. */
function titleWidth(findings: readonly Finding[], columns: number): number {
  const room = columns - 2 - 1 - sinceWidth - gap - reachWidth(findings);
  return Math.min(room, Math.max(60, ...findings.map((finding) => width(finding.title) + 2)));
}

function headingOf(columns: number, title: number, reach: number): string {
  const heading = `${' '.repeat(2 + title + 1)}${cell('SINCE', sinceWidth, { align: 'right' })}${' '.repeat(gap)}${cell('REACH', reach)}`;
  return heading.slice(0, columns);
}

function draw(options: Told, columns: number, rows: number): BlockLine[] {
  const { findings, glyphs, cursor } = options;
  const window = inSight(findings, cursor, rows);
  const hidden = findings.length - window.length;
  let spare = rows - window.length - (hidden > 0 ? 1 : 0);
  const reach = reachWidth(findings);
  const lines: BlockLine[] = [];
  for (const finding of window) {
    lines.push({ id: `finding:${findingKey(finding)}`, spans: headline(finding, options, columns, reach) });
    const more = below(finding, options, columns).slice(0, Math.max(0, spare));
    spare -= more.length;
    for (const line of more) lines.push({ spans: line });
  }
  if (hidden > 0) lines.push({ spans: [span(`   ${glyphs.ellipsis} and ${hidden} more: j and k go there`, 'dim')] });
  return lines.slice(0, rows);
}

/** The findings that fit by their title line alone; one line is kept to say that there are more. */
function inSight(findings: readonly Finding[], cursor: string, rows: number): readonly Finding[] {
  if (findings.length <= rows) return findings;
  const room = Math.max(1, rows - 1);
  const at = Math.max(
    0,
    findings.findIndex((finding) => `finding:${findingKey(finding)}` === cursor),
  );
  const top = Math.max(0, Math.min(at - room + 1, findings.length - room));
  return findings.slice(top, top + room);
}

function headline(finding: Finding, { findings, glyphs, now }: Told, columns: number, reach: number): Spans {
  const tone = toneOf(finding);
  const title = titleWidth(findings, columns);
  const since = finding.since === undefined || finding.since <= 0 ? '' : age(now - finding.since);
  return [
    span(`${glyphOf(finding, glyphs)} `, tone),
    span(`${cell(finding.title, title, { cut: 'end', ellipsis: glyphs.ellipsis })} `),
    span(cell(since, sinceWidth, { align: 'right' }), 'dim'),
    span(`${' '.repeat(gap)}${cell(finding.reach, reach, { cut: 'end', ellipsis: glyphs.ellipsis })}`),
  ];
}

function toneOf({ severity }: Finding): Tone {
  return severity === 'note' ? 'dim' : severity;
}

function glyphOf({ severity }: Finding, glyphs: Glyphs): string {
  return severity === 'note' ? '·' : glyphs[severity];
}

/** What stands under a finding, the most telling first: what it explains, what we saw, what was changed before it. */
function below(finding: Finding, { glyphs, shared: traits, before: suspected }: Told, columns: number): Spans[] {
  const lines: Spans[] = [];
  const line = (text: string) => lines.push([span(`    ${shortenNames(text, columns - 4, glyphs.ellipsis)}`, 'dim')]);
  // What only these share points at the cause; what they said last stands in the title, as far as it fits.
  const shared = traits.get(finding);
  const seen = finding.evidence.find((one) => !tellsTraits(one));
  if (shared !== undefined) line(shortenImages(shared));
  else if (seen !== undefined) line(seen);
  const explained = finding.explains ?? [];
  for (const one of explained.slice(0, mostExplained)) {
    lines.push([
      span(`  ${glyphs.branch} `, 'dim'),
      ...withReach(one.title, one.reach, columns - 3 - width(glyphs.branch), glyphs.ellipsis),
    ]);
  }
  if (explained.length > mostExplained)
    lines.push([span(`  ${glyphs.branch} and ${explained.length - mostExplained} more`, 'dim')]);
  const before = suspected.get(finding);
  if (before !== undefined)
    lines.push([span(`    ${glyphs.about} `, 'accent'), span(beforeText(before, finding.since ?? 0), 'dim')]);
  if (shared !== undefined && seen !== undefined) line(seen);
  return lines;
}

const mostExplained = 3;

/** The same nodes are sick in several ways: what only they share is told once, with the worst of them. */
function sharedOnce(findings: readonly Finding[]): ReadonlyMap<Finding, string> {
  const map = new Map<Finding, string>();
  for (const finding of findings) {
    const shared = finding.evidence.find(tellsTraits);
    if (shared !== undefined && ![...map.values()].includes(shared)) map.set(finding, shared);
  }
  return map;
}

/** One deed is told once, with the worst of what followed it. */
function suspicions(
  findings: readonly Finding[],
  timeline: readonly TimelineEntry[],
): ReadonlyMap<Finding, TimelineEntry> {
  const told = new Set<TimelineEntry>();
  const map = new Map<Finding, TimelineEntry>();
  for (const finding of findings) {
    const before = shortlyBefore(finding, timeline);
    if (before === undefined || told.has(before)) continue;
    told.add(before);
    map.set(finding, before);
  }
  return map;
}
