import { checks } from '../../checks/index.ts';
import { clockMinute } from '../../model/clock.ts';
import type { Finding } from '../../model/finding.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { TimelineEntry } from '../../model/timeline.ts';
import type { View } from '../../ui/pane.ts';
import { age, number, width, wrap } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { runbooksFor } from '../runbooks-for.ts';
import { beforeText, shortlyBefore } from '../shortly-before.ts';
import { span, withReach } from '../spans.ts';
import { runbookView } from '../views.ts';

type Options = {
  columns: number;
  glyphs: Glyphs;
  now: number;
  timeline: readonly TimelineEntry[];
  openObject(ref: ObjectRef): View;
};

/** A finding as a page: what is wrong, what was seen, what to do next, why it matters, and every object it names. */
export function findingPage(finding: Finding, options: Options): ScreenLine[] {
  const { glyphs, now, columns } = options;
  const page = createPage(columns);
  const glyph = finding.severity === 'note' ? '·' : glyphs[finding.severity];
  const tone: Tone = finding.severity === 'note' ? 'plain' : finding.severity;
  // The one place where a title is whole, however long.
  for (const [index, text] of wrap(finding.title, Math.max(10, columns - 4)).entries()) {
    page.line([span(index === 0 ? `${glyph} ` : '  ', tone), span(text, 'strong')]);
  }
  page.line([span('  '), span(timing(finding, now), 'dim')]);

  page.section('Next');
  page.prose(finding.next);
  page.section('What was seen');
  if (finding.evidence.length === 0) page.prose('Only what the title says.', 'dim');
  for (const fact of finding.evidence) page.prose(fact);
  const before = shortlyBefore(finding, options.timeline);
  if (before !== undefined) {
    page.line([span(`${glyphs.about} `, 'accent'), span(beforeText(before, finding.since ?? 0))], {
      ref: before.object,
      target: options.openObject(before.object),
    });
    page.line([span('   by time only: nothing proves that it is the cause', 'dim')]);
  }
  if (finding.explains !== undefined && finding.explains.length > 0) {
    page.section('Because of it', `${number(finding.explains.length)} more that need no repair of their own`);
    for (const one of finding.explains)
      page.line([
        span(`${glyphs.branch} `, 'dim'),
        ...withReach(one.title, one.reach, columns - 3 - width(glyphs.branch), glyphs.ellipsis),
      ]);
  }
  const told = runbooksFor(finding.id);
  if (told.length > 0) page.section('Find out', 'runs a runbook: looking changes nothing');
  for (const runbook of told)
    page.line([span(`${glyphs.arrow} `, 'accent'), span(runbook.id), span(` · ${runbook.title}`, 'dim')], {
      ...{ id: `runbook ${runbook.id}`, target: runbookView(runbook, finding.objects) },
    });
  const check = checks.find((one) => one.id === finding.id);
  if (check !== undefined) {
    page.section('Why it matters', finding.id);
    page.prose(check.why);
  }
  objects(page, finding, options);
  return page.lines;
}

function timing({ since, reach, objects: named }: Finding, now: number): string {
  const parts = [];
  if (since !== undefined && since > 0) parts.push(`since ${clockMinute(since, now)}Z (${age(now - since)})`);
  if (reach !== '') parts.push(`reaches ${reach}`);
  if (named.length > 0) parts.push(`${number(named.length)} ${named.length === 1 ? 'object' : 'objects'} below`);
  return parts.join(' · ');
}

/** More than this is an inventory, and there are panes for that. */
const mostObjects = 500;

function objects(page: Page, finding: Finding, { openObject }: Options): void {
  if (finding.objects.length === 0) return;
  page.section('Objects', number(finding.objects.length));
  for (const ref of finding.objects.slice(0, mostObjects)) {
    page.line([span(`${ref.kind} `, 'dim'), span(`${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`)], {
      id: `object ${ref.kind} ${ref.namespace ?? ''} ${ref.name}`,
      ref,
      target: openObject(ref),
    });
  }
  const hidden = finding.objects.length - mostObjects;
  if (hidden > 0) page.line([span(`and ${number(hidden)} more`, 'dim')]);
}
