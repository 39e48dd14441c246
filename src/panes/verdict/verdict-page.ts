import { stringify } from 'yaml';
import { clockTime } from '../../model/clock.ts';
import type { Mend, PairReport, RuleReport, SideReport, VerdictReport } from '../../model/policies/policy-asks.ts';
import type { Direction } from '../../model/policies/rule.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { number, width, wrap } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { type Spans, span, withReach } from '../spans.ts';
import { policyName, portName, verdictLook, verdictSpan } from '../verdict-words.ts';
import { policyView, proposalView } from '../views.ts';
import { oneSentence } from './one-sentence.ts';
import { shortEnd, verdictSentence } from './verdict-sentence.ts';

type Options = Readonly<{
  columns: number;
  glyphs: Glyphs;
  now: number;
  /** Which of several answers is told in full. */
  picked: number;
  pick(key: string): void;
  /** What the answer must not be read without; '' = nothing. */
  remark: string;
}>;

/** What a line of the page stands for, besides what can be opened. */
export type VerdictLine = ScreenLine & { mend?: Mend };

/** A verdict as a page: the answer first, then why, direction by direction, then what would let it through. */
export function verdictPage(report: VerdictReport, options: Options): VerdictLine[] {
  const page = createPage(options.columns, 12);
  const answer = report.answers[options.picked] ?? report.answers[0];
  if (answer === undefined) return [];
  const told: Told = { ...options, page, answer, several: report.answers.length > 1 };
  headline(told);
  unreadLines(told, [...(options.remark === '' ? [] : [options.remark]), ...oneSentence(report.unread)]);
  answerLines(told, report.answers);
  earlierLines(told);
  sideLines(told, 'egress');
  sideLines(told, 'ingress');
  noteLines(told);
  const mends = mendLines(told);
  return page.lines.map((line) => {
    const mend = mends.get(line.id);
    return mend === undefined ? line : { ...line, mend };
  });
}

type Told = Options & { page: Page; answer: PairReport; several: boolean };

/** The one line that must be read: the verdict, whose, and by what. */
function headline({ page, answer, glyphs, columns }: Told): void {
  const look = verdictSpan(answer.verdict, glyphs);
  const who = ` · ${shortEnd(answer.from)} ${glyphs.arrow} ${shortEnd(answer.to)} ${portName(answer.port)}`;
  page.line([{ ...look, bold: true }, span(who, 'strong')], { id: 'answer', troubled: answer.verdict !== 'allow' });
  for (const part of wrap(verdictSentence(answer), Math.max(10, columns - 6))) page.line([span(`  ${part}`)]);
}

function unreadLines({ page, glyphs, columns }: Told, unread: readonly string[]): void {
  for (const reason of unread)
    for (const [index, part] of wrap(reason, Math.max(10, columns - 6)).entries())
      page.line([span(index === 0 ? `${glyphs.warning} ` : '  ', 'warning'), span(part, 'warning')]);
}

function answerLines({ page, glyphs, picked, pick, several, columns }: Told, answers: VerdictReport['answers']): void {
  if (!several) return;
  page.section('Answers', `${number(answers.length)}, a port or a group of pods each; enter tells another in full`);
  const names = answers.map(
    ({ from, to, port }) => `${shortEnd(from)} ${glyphs.arrow} ${shortEnd(to)} ${portName(port)}`,
  );
  const keys = answerKeys(answers);
  const widest = Math.min(Math.max(...names.map(width)), Math.max(20, columns - 40));
  for (const [index, answer] of answers.entries()) {
    const look = verdictSpan(answer.verdict, glyphs);
    page.line(
      [
        span(index === picked ? `${glyphs.mark} ` : '  ', 'accent'),
        { ...look, text: look.text.padEnd(10) },
        ...withReach((names[index] ?? '').padEnd(widest), podsText(answer.pods), columns - 15, glyphs.ellipsis),
      ],
      { id: `answer ${keys[index]}`, choose: () => pick(keys[index] ?? '') },
    );
  }
}

/** Names each of several answers while their verdicts and counts of pods change. */
export function answerKeys(answers: readonly PairReport[]): readonly string[] {
  const seen = new Map<string, number>();
  return answers.map(({ from, to, port }) => {
    const name = `${from} ${to} ${portName(port)}`;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return `${name} ${before}`;
  });
}

function podsText([from, to]: PairReport['pods']): string {
  const many = (count: number) => (count === 0 ? '' : `${number(count)} ${count === 1 ? 'pod' : 'pods'}`);
  return [many(from), many(to)].filter(Boolean).join(' to ');
}

/** Before and after an edit side by side: what it is now, and what it would have been under the policies of then. */
function earlierLines({ page, answer, glyphs, now }: Told): void {
  if (answer.earlier.length === 0) return;
  page.section('Then and now', `${glyphs.about} today's pods under the policies of then`);
  const row = (time: string, verdict: PairReport['verdict'], what: string, mark: string) => [
    span(`${mark} `, 'accent'),
    span(time.padEnd(17), 'dim'),
    { ...verdictSpan(verdict, glyphs), text: verdictSpan(verdict, glyphs).text.padEnd(10) },
    span(what === '' ? '' : ` ${what}`, 'dim'),
  ];
  page.line(row('now', answer.verdict, '', ' '), { id: 'earlier now' });
  for (const { before, policy, verdict } of answer.earlier)
    page.line(
      row(`before ${clockTime(before, now)}`, verdict, `when ${policyName(policy)} was changed`, glyphs.about),
      {
        id: `earlier ${before} ${policyName(policy)}`,
        target: policyView(policy),
        ref: refOf(policy),
      },
    );
}

const titles: Record<Direction, string> = { egress: 'Egress of', ingress: 'Ingress of' };

function sideLines(told: Told, direction: Direction): void {
  const { page, answer, glyphs } = told;
  const side = answer[direction];
  const { glyph, word } = verdictLook(side.verdict);
  page.section(`${titles[direction]} ${shortEnd(direction === 'egress' ? answer.from : answer.to)}`);
  page.field(word, [], { troubled: side.verdict !== 'allow' });
  // The word stands where other lines have their name, so that all that follows is aligned.
  page.lines.splice(-1, 1, {
    id: `${direction} verdict`,
    troubled: side.verdict !== 'allow',
    spans: [
      span('  '),
      span(`${String(glyphs[glyph])} ${word}`.padEnd(12), glyph),
      span(side.reason, side.verdict === 'deny' ? 'strong' : 'plain'),
    ],
  });
  for (const rule of side.rules) ruleLines(told, 'by', rule);
  isolatingLines(told, side);
  for (const rule of side.nearMisses) ruleLines(told, 'nearly', rule, rule.miss);
  for (const doubt of oneSentence(side.doubts)) paragraph(told, 'not known', doubt, 'unknown');
}

function isolatingLines({ page }: Told, { isolating, rules, verdict }: SideReport): void {
  const named = new Set(rules.map(({ policy }) => policyName(policy)));
  // Of what a rule denies or allows the isolation says nothing new about the same policy.
  const others = verdict === 'deny' ? isolating.filter((one) => !named.has(policyName(one))) : isolating;
  for (const [index, policy] of others.entries())
    page.field(index === 0 ? 'isolated by' : '', [span(policyName(policy))], {
      target: policyView(policy),
      ref: refOf(policy),
    });
}

function ruleLines(told: Told, name: string, { policy, path, text }: RuleReport, miss = ''): void {
  const { page } = told;
  const more = { target: policyView(policy), ref: refOf(policy) };
  const where = `${policyName(policy)}${path === '' ? '' : ` ${path}`}`;
  page.field(name, [span(where)], more);
  if (miss !== '') paragraph(told, '', miss, 'warning', more);
  if (text !== '') paragraph(told, '', text, 'dim', more);
}

function refOf({ kind, namespace, name }: RuleReport['policy']) {
  return { kind, name, ...(namespace === '' ? {} : { namespace }) };
}

/** Prose under the values of the fields. */
function paragraph(
  { page, columns }: Pick<Told, 'page' | 'columns'>,
  name: string,
  text: string,
  tone: Tone,
  more: Parameters<Page['field']>[2] = {},
): void {
  for (const [index, part] of wrap(text, Math.max(10, columns - 16)).entries())
    page.field(index === 0 ? name : '', [span(part, tone)], more);
}

function noteLines(told: Told): void {
  const { page, answer } = told;
  const notes = [...(answer.l7 === '' ? [] : [answer.l7]), ...answer.notes];
  if (notes.length === 0) return;
  page.section('Good to know');
  if (answer.l7 !== '') paragraph(told, 'layer 7', answer.l7, 'plain');
  for (const note of answer.notes) paragraph(told, 'note', note, 'plain');
}

/** The lines of each change that would let it through, by their ids. */
function mendLines({ page, answer, glyphs, columns }: Told): ReadonlyMap<string, Mend> {
  const mends = new Map<string, Mend>();
  const { mend, verdict } = answer;
  if (verdict !== 'deny') return mends;
  page.section('What would allow it', mend.length === 0 ? 'nothing that can be offered' : waysText(mend.length));
  if (mend.length === 0) page.prose(noMendText(answer), 'dim');
  for (const [index, one] of mend.entries()) {
    const begun = page.lines.length;
    const [first = '', ...rest] = wrap(one.what, Math.max(10, columns - 8));
    const head: Spans = [span(`${index + 1} `, 'accent'), span(first)];
    page.line(head, { id: `mend ${index}`, target: proposalView(one.what, one.yaml) });
    for (const part of rest) page.line([span(`  ${part}`)], { target: proposalView(one.what, one.yaml) });
    for (const line of mendText(one))
      page.line([span(`  ${glyphs.bar} `, 'dim'), span(sanitiseLine(line, 400), 'dim')], {
        target: proposalView(one.what, one.yaml),
      });
    for (const { id } of page.lines.slice(begun)) mends.set(id, one);
  }
  return mends;
}

/** Of a policy that is there already only what is new: the whole of it may be pages long. */
function mendText({ yaml, adds }: Mend): readonly string[] {
  if (adds === undefined) return yaml.trimEnd().split('\n');
  return [`# at the end of ${adds.at}:`, ...stringify([adds.rule]).trimEnd().split('\n')];
}

/** A rule that denies wins over whatever allows; some ends no policy can name so that nobody else is meant. */
function noMendText({ egress, ingress }: PairReport): string {
  const [denying] = [egress, ingress].flatMap(({ verdict, rules }) => (verdict === 'deny' ? rules : []));
  if (denying === undefined) return 'No policy was found that allows this pair and that could be checked to do so.';
  const { policy, path } = denying;
  return `${policyName(policy)} ${path} denies it: no rule that allows changes that. It would have to be narrowed, or go.`;
}

function waysText(count: number): string {
  return `${count === 1 ? 'one way' : `${number(count)} ways`}; enter tries it, nothing is written yet`;
}
