import type { DifferenceLine } from '../../actions/action.ts';
import { differenceLines } from '../../actions/difference-lines.ts';
import { refText } from '../../model/ref.ts';
import { number } from '../../ui/text.ts';
import type { Tone } from '../../ui/theme.ts';
import type { Page } from '../page.ts';
import { span } from '../spans.ts';
import { changedMeanwhile } from './draft-news.ts';
import type { Standing } from './standing.ts';
import type { Tried } from './tried.ts';

/** How it is written: from what is there to what would be; and beside it what somebody else changed meanwhile. */
export function differenceSections(page: Page, { state, standings }: Tried): void {
  for (const one of standings?.of ?? []) {
    const { base } = state;
    if (changedMeanwhile(state, one))
      lines(page, `Changed meanwhile: ${refText(one.ref)}`, differenceLines(base.get(one.key), one.live));
    lines(page, `${title(one)}: ${refText(one.ref)}`, one.difference);
  }
}

function title({ way, live }: Standing): string {
  if (way === 'remove') return 'What goes';
  return live === undefined ? 'What is made' : 'What is changed';
}

const tones: Record<DifferenceLine['sign'], Tone> = { '+': 'ok', '-': 'error', ' ': 'plain', '@': 'dim' };

function lines(page: Page, heading: string, difference: readonly DifferenceLine[]): void {
  if (difference.length === 0) return;
  const [plus, minus] = (['+', '-'] as const).map((sign) => difference.filter((line) => line.sign === sign).length);
  page.section(heading, `+${number(plus ?? 0)} −${number(minus ?? 0)} lines`);
  for (const { sign, text } of difference)
    page.line([span(sign === '@' ? `  … ${text}` : `${sign} ${text}`, tones[sign])]);
}
