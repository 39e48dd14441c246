import { patternOf } from '../../model/log-patterns/index.ts';
import type { LogSign } from '../../model/log-signs.ts';
import { age } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { Page } from '../page.ts';
import { span } from '../spans.ts';
import { logView } from '../views.ts';

/** What its logs say that is known, the worst first; announcements are none of it. */
export function signLines(drawn: Page, signs: readonly LogSign[], glyphs: Glyphs, now: number): void {
  const known = signs.flatMap((sign) => {
    const pattern = patternOf(sign.pattern);
    return pattern === undefined || pattern.severity === 'note' ? [] : [{ sign, pattern }];
  });
  if (known.length === 0) return;
  drawn.section('Its log says', 'known lines, in what was read of it');
  known.sort((a, b) => a.pattern.severity.localeCompare(b.pattern.severity) || b.sign.last - a.sign.last);
  for (const { sign, pattern } of known) {
    const { severity, meaning, next } = pattern;
    drawn.line(
      [
        span(`${glyphs[severity === 'error' ? 'error' : 'warning']} `, severity === 'error' ? 'error' : 'warning'),
        span(meaning),
        span(` ×${sign.count}, last ${age(now - sign.last)} ago`, 'dim'),
      ],
      {
        id: `sign ${sign.container} ${pattern.id}`,
        target: logView(sign.namespace, sign.pod, sign.container),
        troubled: severity === 'error',
      },
    );
    drawn.prose(`${glyphs.arrow} ${next}`, 'dim', 2);
  }
}
