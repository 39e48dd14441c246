import type { Cleared, Finding, Judgement } from '../../model/finding.ts';
import { findingKey } from '../../model/finding.ts';
import { refText } from '../../model/ref.ts';
import { age, cutEnd, number, width } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import { findingMark } from '../finding-mark.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { runbooksFor } from '../runbooks-for.ts';
import { cell, type Spans, span, withReach } from '../spans.ts';

type Options = {
  columns: number;
  glyphs: Glyphs;
  now: number;
  /** `as of 46s ago` where nothing newer is known; ''. */
  asOf: string;
};

/** Everything the checks say: what is wrong with what it explains, what may be, what is over, what nobody looked at. */
export function troubleshootPage(judgement: Judgement, options: Options): ScreenLine[] {
  const page = createPage(options.columns);
  const { findings } = judgement;
  const [first] = findings;
  // One who opens the pane stands on its heading: what is pressed there is about the first of them.
  const target = first && { target: { pane: 'why', args: [findingKey(first)] } };
  const when = options.asOf === '' ? 'now' : options.asOf;
  const title = first?.severity === 'note' ? 'Noted, nothing wrong' : `Wrong ${when}`;
  page.section(title, first === undefined ? nothing(judgement) : counts(judgement, options.now), [], target);
  const widths = widthsOf(findings, options.columns);
  for (const finding of findings) findingLines(page, finding, widths, judgement, options);
  suspected(page, judgement, options);
  cleared(page, judgement.cleared, options);
  unseen(page, judgement, options);
  return page.lines;
}

/** Before the first judgement nothing is known: neither that all is well nor that every check looked. */
function nothing({ looked, of }: Judgement): string {
  if (of === 0) return 'nothing judged yet';
  return looked === of ? 'nothing' : 'nothing in what was looked at';
}

function counts(judgement: Judgement, now: number): string {
  const fresh = judgement.findings.filter((finding) => findingMark(finding, judgement, now) === 'new').length;
  const troubles = judgement.findings.filter(({ beside }) => beside === undefined).length;
  return `${number(troubles)}${fresh === 0 ? '' : `, ${number(fresh)} new`}, what reaches furthest first`;
}

const sinceWidth = 5;

type Widths = { title: number; reach: number; books: boolean };

/** Shared by all findings, so that one reads down a column. A wide screen says which runbook; a narrow one has the key. */
function widthsOf(findings: readonly Finding[], columns: number): Widths {
  const books = columns >= 110;
  const reach = Math.min(books ? 20 : 14, Math.max(5, ...findings.map((finding) => width(finding.reach))));
  const room = columns - 4 - sinceWidth - 3 - reach - (books ? bookWidth + 2 : 0);
  return { title: Math.min(room, Math.max(48, ...findings.map((finding) => width(finding.title) + 4))), reach, books };
}

const bookWidth = 26;

function findingLines(page: Page, finding: Finding, widths: Widths, judgement: Judgement, options: Options): void {
  const { glyphs, now, columns } = options;
  const { ellipsis } = glyphs;
  const key = findingKey(finding);
  const target = { pane: 'why', args: [key] };
  const tone: Tone = finding.severity === 'note' ? 'plain' : finding.severity;
  const glyph = finding.severity === 'note' ? '·' : glyphs[finding.severity];
  const mark = findingMark(finding, judgement, now) === 'new' ? 'new ' : '';
  const since = finding.since ? age(now - finding.since) : '';
  const [runbook] = runbooksFor(finding.id);
  // Another way in which the trouble above shows stands under it, as what follows from it does.
  const indent = finding.beside === undefined ? '' : `${glyphs.branch} `;
  page.line(
    [
      span(indent, 'dim'),
      span(`${glyph} `, tone),
      span(mark, 'accent'),
      span(cell(finding.title, widths.title - mark.length - width(indent), { cut: 'end', ellipsis })),
      span(` ${cell(since, sinceWidth, { align: 'right' })}`, 'dim'),
      span(`  ${cell(finding.reach, widths.reach, { cut: 'end', ellipsis })}`),
      ...(widths.books && runbook !== undefined ? [span(`  ${cell(runbook.id, bookWidth, { ellipsis })}`, 'dim')] : []),
    ],
    { id: `finding ${key}`, troubled: finding.severity !== 'note', target },
  );
  const [seen] = finding.evidence;
  if (seen !== undefined)
    page.line([span(`${' '.repeat(width(indent))}  ${cutEnd(seen, columns - 6 - width(indent), ellipsis)}`, 'dim')], {
      id: `seen ${key}`,
      target,
    });
  for (const one of finding.explains ?? [])
    page.line(
      [
        span(`${glyphs.branch} `, 'dim'),
        ...withReach(one.title, one.reach, columns - 5 - width(glyphs.branch), ellipsis),
      ],
      { id: `explained ${key} ${one.id} ${one.title}`, target },
    );
}

function suspected(page: Page, { waiting }: Judgement, { glyphs, now }: Options): void {
  if (waiting.length === 0) return;
  const count = waiting.reduce((sum, one) => sum + one.count, 0);
  page.section('Being watched', `${number(count)} that may be moments and pass by themselves`);
  for (const { id, title, object, count: alike, knownAt } of waiting) {
    const more = alike > 1 ? ` and ${number(alike - 1)} more` : '';
    const left = knownAt - now;
    const when = left < 1_000 ? 'known in a moment' : `known in ${age(left)}`;
    page.line(
      [span(`${glyphs.progress} `, 'progress'), span(title), span(` · ${when} · ${refText(object)}${more}`, 'dim')],
      { id: `watched ${id}`, ref: object },
    );
  }
}

function cleared(page: Page, all: readonly Cleared[], { glyphs, now, columns }: Options): void {
  if (all.length === 0) return;
  page.section('Cleared', 'looked at again and found to be well; kept for an hour');
  for (const { finding, at } of all) {
    const stood = at - (finding.since || finding.told || at);
    const when = ` · over for ${age(now - at)}${stood > 1_000 ? `, stood ${age(stood)}` : ''}`;
    const line: Spans = [
      span(`${glyphs.ok} `, 'ok'),
      span(cutEnd(finding.title, Math.max(10, columns - 6 - width(when)), glyphs.ellipsis)),
      span(when, 'dim'),
    ];
    page.line(line, { id: `cleared ${findingKey(finding)} ${at}` });
  }
}

function unseen(page: Page, { notLookedAt, notAsked, of }: Judgement, { glyphs }: Options): void {
  const many = `${number(notLookedAt.length)} of ${number(of)} checks`;
  page.section(
    'Not looked at',
    of === 0
      ? 'no check has looked yet'
      : notLookedAt.length > 0
        ? many
        : notAsked.length > 0
          ? 'every other check looked'
          : 'every check looked',
  );
  for (const [reason, all] of Map.groupBy(notLookedAt, ({ reason: why }) => why)) {
    // One right that is missing blinds dozens: it is said once, with their names below.
    if (all.length > 2) {
      page.line([span(`${glyphs.unknown} `, 'unknown'), span(reason), span(` · ${number(all.length)} checks`, 'dim')], {
        id: `not ${reason}`,
      });
      page.prose(all.map(({ id }) => id).join(', '), 'dim', 2);
    } else
      for (const { id } of all)
        page.line([span(`${glyphs.unknown} `, 'unknown'), span(id.padEnd(36)), span(` ${reason}`, 'dim')], {
          id: `not ${id}`,
        });
  }
  for (const [reason, all] of Map.groupBy(notAsked, ({ reason: why }) => why))
    page.line([span(`${glyphs.unknown} `, 'unknown'), span(reason), span(` · ${number(all.length)} checks`, 'dim')], {
      id: `not asked ${reason}`,
    });
}
