import { countPairs, type PairChange, type WhatIfReport } from '../../model/policies/policy-asks.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { number, width } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { cell, span } from '../spans.ts';
import { policyName, verdictLook } from '../verdict-words.ts';
import { policyView, verdictView } from '../views.ts';
import { answerLines } from './answer-lines.ts';
import { differenceSections } from './difference-sections.ts';
import { type PairRow, pairRows, portsText } from './pair-rows.ts';
import { type Look, sortChanges, type Tried } from './tried.ts';

/** What a change would do: the answer first, then the pairs it denies, those it allows, and how it is written. */
export function whatIfPage(tried: Tried, look: Look): ScreenLine[] {
  const page = createPage(look.columns);
  answerLines(page, tried, look);
  const { report } = tried;
  if (report !== undefined) {
    const sorted = sortChanges(report.pairs);
    pairs(page, 'Newly denied', sorted.deny, look);
    pairs(page, 'Newly allowed', sorted.allow, look);
    pairs(page, 'No longer known', sorted.unknown, look);
    const undeclared = sortChanges(report.undeclared);
    const beyond = 'on ports nobody there declares';
    pairs(page, `Newly denied ${beyond}`, undeclared.deny, look);
    pairs(page, `Newly allowed ${beyond}`, undeclared.allow, look);
    pairs(page, `No longer known ${beyond}`, undeclared.unknown, look);
    pairs(page, 'With nodes and the world outside', report.outside, look, true);
    findings(page, report, look);
    summaries(page, report, tried, look);
  }
  differenceSections(page, tried);
  return page.lines;
}

/** More than this nobody reads on a screen: `policy diff` prints them all. */
const mostRows = 300;

function pairs(page: Page, title: string, changes: readonly PairChange[], { columns, glyphs }: Look, after = false) {
  if (changes.length === 0) return;
  page.section(title, number(countPairs(changes)));
  const rows = pairRows(changes);
  const shown = rows.slice(0, mostRows);
  const longest = (text: (row: PairRow) => string, most = columns) =>
    Math.min(most, Math.max(...shown.map((row) => width(text(row)))));
  const counts = longest(({ pair }) => podsText(pair, glyphs));
  const verdicts = after ? 21 : 12;
  const room = Math.max(30, columns - 2 - 3 - 2 - 2 - counts - 2 - verdicts);
  const froms = longest(({ pair }) => pair.from);
  const tos = longest(({ pair }) => pair.to);
  const ports = longest(({ ports: named }) => portsText(named), Math.max(9, room - froms - tos, Math.floor(room / 4)));
  const ends = room - ports;
  const from = froms + tos <= ends ? froms : Math.min(froms, Math.max(ends - tos, Math.floor(ends / 2)));
  const to = Math.min(tos, ends - from);
  const { ellipsis } = glyphs;
  for (const { pair, ports: named } of shown) {
    const was = verdictLook(pair.before).word;
    const { glyph, word } = verdictLook(pair.after);
    const [port] = named;
    const one = named.length === 1 && port?.other === false ? `${port.port}/${port.protocol}` : '';
    page.line(
      [
        span(`${cell(pair.from, from, { ellipsis })} ${glyphs.arrow} ${cell(pair.to, to, { ellipsis })}  `),
        span(cell(portsText(named), ports, { ellipsis, cut: 'end' })),
        span(`  ${cell(podsText(pair, glyphs), counts)}  `, 'dim'),
        ...(after ? [span(`${glyphs[glyph]} ${word}, `, glyph)] : []),
        span(`was ${was}`, 'dim'),
      ],
      {
        id: `pair ${pair.from} ${pair.to} ${pair.before} ${pair.after} ${pair.pods.join()} ${title}`,
        troubled: pair.after !== 'allow',
        target: verdictView(pair.from, pair.to, one),
      },
    );
  }
  const hidden = rows.length - mostRows;
  if (hidden > 0) page.line([span(`and ${number(hidden)} more pairs of workloads`, 'dim')]);
}

/** `3 → 1 pods`; an end that is no pods is `–`. */
function podsText({ pods: [from, to] }: PairChange, { arrow }: Glyphs): string {
  const count = (pods: number) => (pods === 0 ? '–' : number(pods));
  return `${count(from)} ${arrow} ${count(to)} pods`;
}

function findings(page: Page, { findings: found }: WhatIfReport, { glyphs }: Look): void {
  if (found.length === 0) return;
  page.section('What is wrong with the draft', number(found.length));
  for (const { id, severity, policy, path, text, next } of found) {
    const tone: Tone = severity === 'note' ? 'plain' : severity;
    page.line(
      [
        span(`${severity === 'note' ? '·' : glyphs[severity]} `, tone),
        span(`${policyName(policy)} ${path}`.trimEnd(), 'strong'),
        span(`  ${id}`, 'dim'),
      ],
      { id: `finding ${id} ${policyName(policy)} ${path}`, troubled: severity !== 'note' },
    );
    page.prose(text, tone, 2);
    if (next !== '') page.prose(next, 'dim', 2);
  }
}

function summaries(page: Page, { summaries: after }: WhatIfReport, { before }: Tried, { glyphs }: Look): void {
  if (after.length === 0) return;
  page.section('Whom it is about');
  for (const now of after) {
    const was = before(now.ref);
    const selects = change(was?.selects, now.selects, glyphs);
    const [into, out] = (['ingress', 'egress'] as const).map((direction) =>
      change(was?.isolates[direction], now.isolates[direction], glyphs),
    );
    page.line(
      [
        span(policyName(now.ref)),
        span(`  selects ${selects} pods, isolates ${into} in ingress, ${out} in egress`, 'dim'),
      ],
      { id: `summary ${policyName(now.ref)}`, ...(was !== undefined && { target: policyView(now.ref) }) },
    );
    if (now.inForce === 'yes') continue;
    const tone = now.inForce === 'no' ? 'error' : 'unknown';
    page.prose(
      `${glyphs[tone]} ${now.inForce === 'no' ? 'would not be in force' : 'in force?'}: ${sanitiseLine(now.why, 500)}`,
      tone,
      2,
    );
  }
}

/** `3`, or `3 → 5` where it changes. */
function change(before: number | undefined, after: number, { arrow, unknown }: Glyphs): string {
  const text = (count: number) => (count < 0 ? unknown : number(count));
  return before === undefined || before === after ? text(after) : `${text(before)} ${arrow} ${text(after)}`;
}
