import type { Judgement } from '../../model/finding.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import { findingKey } from '../finding-key.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage } from '../page.ts';
import { span } from '../spans.ts';

/** The whole verdict as a page: every finding, and what was not looked at, with the reason. */
export function verdictPage(
  judgement: Judgement,
  { columns, glyphs, now }: { columns: number; glyphs: Glyphs; now: number },
): ScreenLine[] {
  const page = createPage(columns);
  page.section('Wrong now', judgement.findings.length === 0 ? 'nothing' : number(judgement.findings.length));
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
  if (judgement.pending > 0) {
    page.line([
      span(`${number(judgement.pending)} more being watched: they may be moments that pass by themselves`, 'dim'),
    ]);
  }
  page.section(
    'Not looked at',
    judgement.notLookedAt.length === 0
      ? 'every check looked'
      : `${number(judgement.notLookedAt.length)} of ${number(judgement.of)} checks`,
  );
  for (const { id, reason } of judgement.notLookedAt) {
    page.line([span(`${glyphs.unknown} `, 'unknown'), span(id.padEnd(36)), span(` ${reason}`, 'dim')], {
      id: `not ${id}`,
    });
  }
  return page.lines;
}
