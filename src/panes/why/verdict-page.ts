import type { Judgement } from '../../model/finding.ts';
import { refText } from '../../model/ref.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import { findingKey } from '../finding-key.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { span } from '../spans.ts';

/** The whole verdict as a page: every finding, and what was not looked at, with the reason. */
export function verdictPage(
  judgement: Judgement,
  { columns, glyphs, now }: { columns: number; glyphs: Glyphs; now: number },
): ScreenLine[] {
  const page = createPage(columns);
  page.section('Wrong now', judgement.findings.length === 0 ? nothing(judgement) : number(judgement.findings.length));
  for (const finding of judgement.findings) {
    const glyph = finding.severity === 'note' ? '·' : glyphs[finding.severity];
    const tone: Tone = finding.severity === 'note' ? 'plain' : finding.severity;
    const since = finding.since === undefined ? '' : ` · ${age(now - finding.since)}`;
    page.line([span(`${glyph} `, tone), span(finding.title), span(`${since} · ${finding.reach}`, 'dim')], {
      id: `finding ${findingKey(finding)}`,
      troubled: finding.severity !== 'note',
      target: { pane: 'why', args: [findingKey(finding)] },
    });
  }
  suspected(page, judgement, glyphs, now);
  page.section('Not looked at', notLooked(judgement));
  for (const { id, reason } of judgement.notLookedAt) {
    page.line([span(`${glyphs.unknown} `, 'unknown'), span(id.padEnd(36)), span(` ${reason}`, 'dim')], {
      id: `not ${id}`,
    });
  }
  for (const [reason, all] of Map.groupBy(judgement.notAsked, ({ reason: why }) => why)) {
    page.line([span(`${glyphs.unknown} `, 'unknown'), span(reason), span(` · ${number(all.length)} checks`, 'dim')], {
      id: `not asked ${reason}`,
    });
  }
  return page.lines;
}

/** Before the first judgement nothing is known: neither that all is well nor that every check looked. */
function nothing({ looked, of }: Judgement): string {
  if (of === 0) return 'nothing judged yet';
  return looked === of ? 'nothing' : 'nothing in what was looked at';
}

function notLooked({ notLookedAt, of }: Judgement): string {
  if (of === 0) return 'no check has looked yet';
  return notLookedAt.length === 0 ? 'every check looked' : `${number(notLookedAt.length)} of ${number(of)} checks`;
}

function suspected(page: Page, { waiting }: Judgement, glyphs: Glyphs, now: number): void {
  if (waiting.length === 0) return;
  const count = waiting.reduce((sum, one) => sum + one.count, 0);
  page.section('Being watched', `${number(count)} that may be moments and pass by themselves`);
  for (const { id, title, object, count: alike, knownAt } of waiting) {
    const more = alike > 1 ? ` and ${number(alike - 1)} more` : '';
    const left = knownAt - now;
    const when = left < 1_000 ? 'known in a moment' : `known in ${age(left)}`;
    page.line(
      [span(`${glyphs.progress} `, 'progress'), span(title), span(` · ${when} · ${refText(object)}${more}`, 'dim')],
      {
        id: `watched ${id}`,
        ref: object,
      },
    );
  }
}
