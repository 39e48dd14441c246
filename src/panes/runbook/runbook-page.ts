import { type ObjectRef, refKey, refText } from '../../model/ref.ts';
import type { Offer, RunbookResult, StepResult } from '../../model/runbook-result.ts';
import type { Evidence, Runbook } from '../../runbooks/runbook.ts';
import { confidenceWords, endWords, resultWords, speaksWords } from '../../runbooks/words.ts';
import type { View } from '../../ui/pane.ts';
import { wrap } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { type Spans, span } from '../spans.ts';
import { runbookAbout } from '../views.ts';
import type { RunbookState } from './runbook-run.ts';

type Options = Readonly<{
  columns: number;
  glyphs: Glyphs;
  target: ObjectRef | undefined;
  /** Where a finding names several: `the first of 3 that nodes/not-ready names`; '' = it does not. */
  among: string;
  /** What else looks like it. */
  others: readonly ObjectRef[];
  openObject(ref: ObjectRef): View;
  take(offer: Offer): void;
  answer(key: string): void;
}>;

/** The end first, once there is one, then what may be done, then every step with what it saw. */
export function runbookPage(runbook: Runbook, state: RunbookState, options: Options): ScreenLine[] {
  const page = createPage(options.columns);
  const told = { ...options, page };
  page.line([span(runbook.title, 'strong')], { id: 'title' });
  const about = options.target === undefined ? 'the cluster' : refText(options.target);
  page.line([span(['about', about, options.among].filter(Boolean).join(' '), 'dim')], {
    ...{ id: 'target' },
    ...(options.target && { ref: options.target, target: options.openObject(options.target) }),
  });
  otherTargets(told, runbook);
  nowLines(told, state);
  if (state.result !== undefined) endLines(told, state.result);
  offerLines(told, state.steps);
  stepSection(told, runbook, state);
  return page.lines;
}

type Told = Options & { page: Page };

function otherTargets({ page, target, others }: Told, { id }: Runbook): void {
  const rest = others.filter((one) => target === undefined || refKey(one) !== refKey(target));
  for (const one of rest.slice(0, mostOthers))
    page.line([span(`looks like it, too: ${refText(one)}`, 'dim')], {
      ...{ id: `other ${refKey(one)}`, target: runbookAbout(id, one) },
    });
  if (rest.length > mostOthers) page.line([span(`and ${rest.length - mostOthers} more`, 'dim')], { id: 'others' });
}

const mostOthers = 3;

/** What is under way, and what is asked. */
function nowLines(told: Told, { phase, looking, question }: RunbookState): void {
  const { page, glyphs, answer } = told;
  if (phase === 'running') {
    page.section('Now');
    page.line([span(`${glyphs.progress} `, 'progress'), span(looking === '' ? 'beginning' : looking)], { id: 'now' });
  }
  if (question === undefined) return;
  page.section('Asked', 'press its key, or enter on it');
  hanging(told, [span('? ', 'accent')], question.title, 'strong');
  for (const { key, title } of question.choices)
    page.line([span(`  ${key} `, 'accent'), span(title)], { id: `choice ${key}`, choose: () => answer(key) });
}

function endLines(told: Told, result: RunbookResult): void {
  const { page, glyphs } = told;
  const { cause, others, notLookedAt, outcome } = result;
  page.section(outcome === 'cause' ? 'Cause' : 'The end', cause && confidenceWords[cause.confidence]);
  const tone = cause !== undefined ? 'error' : outcome === 'unknown' ? 'unknown' : 'ok';
  const [object] = cause?.objects ?? [];
  hanging(told, [span(`${glyphs[tone]} `, tone)], endWords(result), 'strong', linked(told, object));
  if (cause !== undefined) hanging(told, [span(`${glyphs.arrow} `, 'accent')], cause.next);
  for (const one of others) hanging(told, [span('  '), span(`also ${one.confidence} `, 'dim')], one.text);
  for (const { id, reason } of notLookedAt)
    hanging(told, [span(`${glyphs.unknown} `, 'unknown')], `not looked at: ${id}: ${reason}`, 'dim');
}

function offerLines(told: Told, steps: readonly StepResult[]): void {
  const offers = steps.flatMap((step) => step.offers);
  if (offers.length === 0) return;
  told.page.section('What may be done', 'enter shows what it would do; nothing is done before it is confirmed');
  for (const [index, offer] of offers.entries()) {
    const more = { id: `offer ${index}`, choose: () => told.take(offer) };
    // Digits alone go to panes; after x they choose, and there is none for a tenth.
    const key = index < 9 ? `x${index + 1}` : '  ';
    hanging(told, [span(`${key} `, 'accent')], offer.title, offer.refusal === '' ? 'plain' : 'dim', more);
    if (offer.refusal !== '') hanging(told, [span('   ')], `not here: ${offer.refusal}`, 'dim');
  }
}

function stepSection(told: Told, { steps }: Runbook, state: RunbookState): void {
  const of = steps.length;
  told.page.section('Steps', state.steps.length === of ? `${of}` : `${state.steps.length} of ${of}`);
  for (const step of state.steps) stepLines(told, step);
}

function stepLines(told: Told, step: StepResult): void {
  const { sign, tone } = lookOf(step, told.glyphs);
  const isProse = step.type === 'tell' || step.type === 'offer';
  const words = [resultWords[step.result], isProse ? '' : step.text].filter((word) => word !== '').join(': ');
  const said = words === '' ? '' : ` · ${words}`;
  hanging(told, [span(`${sign} `, tone)], step.title + said, tone === 'dim' ? 'dim' : 'plain', {
    ...{ id: `step ${step.id}`, troubled: step.result === 'found' },
  });
  for (const evidence of step.evidence) evidenceLine(told, evidence);
  if (step.type === 'tell') for (const text of step.text.split('\n')) hanging(told, [span('    ')], text);
}

function evidenceLine(told: Told, { speaks, text, source, object }: Evidence): void {
  const tone: Tone = speaks === 'for' ? 'error' : speaks === 'against' ? 'ok' : 'dim';
  const mark = { for: '+', against: '-', neither: ' ' }[speaks];
  hanging(told, [span('  '), span(`${mark} ${speaksWords[speaks].padEnd(8)}`, tone)], text, 'plain', {
    ...linked(told, object),
    note: source,
  });
}

function lookOf({ result }: StepResult, glyphs: Glyphs): { sign: string; tone: Tone } {
  switch (result) {
    case 'found':
      return { sign: glyphs.error, tone: 'error' };
    case 'against':
    case 'nothing':
      return { sign: glyphs.ok, tone: 'ok' };
    case 'not-looked':
      return { sign: glyphs.unknown, tone: 'unknown' };
    case 'skipped':
      return { sign: '·', tone: 'dim' };
    default:
      return { sign: '·', tone: 'plain' };
  }
}

function linked({ openObject }: Told, ref: ObjectRef | undefined): More {
  return ref === undefined ? {} : { ref, target: openObject(ref) };
}

type More = Parameters<Page['line']>[1] & { note?: string };

/** Prose behind a mark, with the lines after the first standing under it; the note is dim and comes last. */
function hanging(
  { page, columns }: Told,
  lead: Spans,
  text: string,
  tone: Tone = 'plain',
  { note = '', id, ...more }: More = {},
): void {
  const indent = lead.reduce((sum, part) => sum + part.text.length, 0);
  const whole = note === '' ? text : `${text} (${note})`;
  const from = note === '' ? whole.length : text.length;
  let at = 0;
  for (const [index, part] of wrap(whole, Math.max(10, columns - 4 - indent)).entries()) {
    const start = whole.indexOf(part, at);
    at = start + part.length;
    const cut = Math.min(part.length, Math.max(0, from - start));
    page.line(
      [
        ...(index === 0 ? lead : [span(' '.repeat(indent))]),
        span(part.slice(0, cut), tone),
        span(part.slice(cut), 'dim'),
      ],
      { ...more, ...(id !== undefined && index === 0 ? { id } : {}) },
    );
  }
}
