import type { Judgement } from '../model/finding.ts';
import { age, number } from '../ui/text.ts';

/** What is said where nothing is told: with these words in the header, on the overview and by `check`. */
export type Calm = {
  glyph: 'ok' | 'unknown' | 'progress';
  /** `nothing wrong`, `so far nothing`. */
  words: string;
  /** `6 suspects, the first known in 30s`; '' = none. */
  suspects: string;
};

/** `arriving`: what is still being read, '' when all has settled. Never says more than was looked at. */
export function calmWords({ looked, of, waiting }: Judgement, arriving: string, now: number): Calm {
  if (looked === 0 && arriving !== '') return { glyph: 'progress', words: 'looking', suspects: '' };
  if (looked === 0) return { glyph: 'unknown', words: 'nothing could be looked at', suspects: '' };
  const suspects = suspectsText(waiting, now);
  const where = looked === of || arriving !== '' ? '' : ' in what could be looked at';
  // What may be told in a minute is not well now.
  if (suspects !== '') return { glyph: 'progress', words: `so far nothing${where}`, suspects };
  if (arriving !== '') return { glyph: 'progress', words: 'so far nothing wrong', suspects };
  return { glyph: looked === of ? 'ok' : 'unknown', words: `nothing wrong${where}`, suspects };
}

/** `6 suspects, known in 45s`: by when the first of them is told, if it stays. */
export function suspectsText(waiting: Judgement['waiting'], now: number): string {
  if (waiting.length === 0) return '';
  const left = Math.min(...waiting.map(({ knownAt }) => knownAt)) - now;
  const first = waiting.length > 1 ? 'the first known' : 'known';
  return `${suspectCount(waiting)}, ${first} ${left < 1_000 ? 'in a moment' : `in ${age(left)}`}`;
}

/** `6 suspects`; '' = none. */
export function suspectCount(waiting: Judgement['waiting']): string {
  const count = waiting.reduce((sum, one) => sum + one.count, 0);
  return count === 0 ? '' : `${number(count)} ${count === 1 ? 'suspect' : 'suspects'}`;
}
