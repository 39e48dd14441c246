import type { JobOutcome } from '../../model/jobs.ts';
import { width, wrap } from '../../ui/text.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import { keyName } from '../../ui/widgets/key-name.ts';
import { type ActState, isLong, outcomeTone } from './act-state.ts';
import { planLines } from './plan-lines.ts';

export function titleOf(state: ActState): string {
  const title = 'plan' in state ? state.plan.title : state.title;
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** What stands in the title: how far it is, in a glyph and a word. */
export function stateSpan(state: ActState, glyphs: Glyphs): Span {
  switch (state.phase) {
    case 'planning':
      return { text: `${glyphs.progress} asking the server`, tone: 'progress' };
    case 'impossible':
      return { text: `${glyphs.error} not possible`, tone: 'error' };
    case 'asking':
      return state.again
        ? { text: `${glyphs.warning} it is otherwise by now: read it again`, tone: 'warning' }
        : { text: 'nothing is changed yet', tone: 'accent' };
    case 'running':
      return { text: `${glyphs.progress} ${state.steps.at(-1)?.text ?? 'beginning'}`, tone: 'progress' };
    case 'ended': {
      const { outcome } = state.outcome;
      const [glyph, word] = outcomeWords[outcome];
      return { text: `${glyphs[glyph]} ${word}`, tone: outcomeTone(outcome) };
    }
  }
}

const outcomeWords = {
  verified: ['ok', 'done'],
  written: ['progress', 'written'],
  partly: ['warning', 'done in part'],
  refused: ['error', 'not done'],
  unknown: ['unknown', 'not known'],
} as const satisfies Record<JobOutcome, unknown>;

/** What is read above the question. An outcome stands first: what was planned is still there below it. */
export function bodyLines(state: ActState, cluster: string, glyphs: Glyphs, columns: number): readonly Span[] {
  const said = (text: string, tone: Span['tone'] = 'plain') =>
    wrap(text, Math.max(20, columns - 2)).map((line): Span => ({ text: ` ${line}`, tone }));
  switch (state.phase) {
    case 'planning':
      return said('Reading what is there, and what the server would make of it. Nothing is changed.');
    case 'impossible':
      return said(state.text);
    case 'asking':
      return planLines(state.plan, cluster, glyphs, columns);
    case 'running':
      return [
        ...state.steps.slice(-4).flatMap(({ text }) => said(`${glyphs.arrow} ${text}`, 'progress')),
        ...state.parts.flatMap((part) => said(`  ${part}`)),
        { text: '' },
        ...planLines(state.plan, cluster, glyphs, columns),
      ];
    case 'ended': {
      const { outcome, text, hint, undo } = state.outcome;
      return [
        ...said(text, outcomeTone(outcome)),
        ...(hint === '' ? [] : said(hint)),
        ...(undo === undefined ? [] : said(':undo takes this back.', 'dim')),
        { text: '' },
        ...planLines(state.plan, cluster, glyphs, columns),
      ];
    }
  }
}

/** The last line: the choice, with Cancel in focus. */
export function footSpans(state: ActState, columns: number, ascii: boolean): readonly Span[] {
  if (state.phase === 'asking') {
    const { plan, name, typed } = state;
    if (plan.difference.length === 0) return [{ text: ' ' }, { text: ' Close ', inverse: true }];
    if (name === '') {
      return [
        { text: ' ' },
        { text: ' Cancel ', inverse: true },
        { text: '   ' },
        { text: 'y', tone: 'accent' },
        { text: ' do it' },
      ];
    }
    const asked = ` type ${name} and ${keyName('enter', ascii)} to do it: `;
    // What is typed must be seen whole.
    const fits = width(asked) + width(name) + 1 <= columns;
    return [{ text: fits ? asked : ` ${name}: `, tone: 'warning' }, { text: typed }, { text: ' ', inverse: true }];
  }
  if (state.phase === 'running') return [{ text: ` ${underWay(state)}`, tone: 'dim' }];
  return [{ text: ' ' }, { text: ' Close ', inverse: true }];
}

function underWay({ plan, stopping }: Extract<ActState, { phase: 'running' }>): string {
  if (stopping) return 'Stops after the step under way; what was done stays.';
  if (!isLong(plan)) return 'What was sent cannot be called back; esc leaves it to itself.';
  return 'ctrl-c stops after the step under way; esc leaves it to itself, it goes on.';
}
