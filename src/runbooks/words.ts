import { refText } from '../model/ref.ts';
import type { RunbookResult, StepResult } from '../model/runbook-result.ts';
import type { Confidence, Evidence } from './runbook.ts';

/** What a step's result is called, beside its sign; '' where its title says enough. */
export const resultWords: Readonly<Record<StepResult['result'], string>> = {
  found: 'found',
  against: 'speaks against it',
  nothing: '',
  'not-looked': 'not looked at',
  skipped: 'skipped',
  told: '',
  answered: '',
  offered: '',
};

export const speaksWords: Readonly<Record<Evidence['speaks'], string>> = {
  for: 'for',
  against: 'against',
  neither: 'seen',
};

/** Beside a cause: `certain: seen directly`. */
export const confidenceWords: Readonly<Record<Confidence, string>> = {
  certain: 'certain: seen directly',
  likely: 'likely: nothing else fits what was seen',
  possible: 'possible: it fits, and so may others',
};

/** The end in one sentence, where there is no cause to name. */
export function endWords({ outcome, target, cause, notLookedAt }: RunbookResult): string {
  const where = target === undefined ? '' : ` of ${refText(target)}`;
  if (cause !== undefined) return cause.text;
  if (outcome === 'unknown') return `It could not be told${where}: what decides could not be looked at.`;
  return `Not this${where}${notLookedAt.length > 0 ? ', as far as was looked' : ''}.`;
}
