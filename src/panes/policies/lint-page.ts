import { lints } from '../../checks/policies/index.ts';
import { clock } from '../../model/clock.ts';
import { type Finding, findingKey, type Judgement } from '../../model/finding.ts';
import type { ObjectRef } from '../../model/ref.ts';
import { number, wrap } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { lastEdit } from '../last-edit.ts';
import { createPage, type Page } from '../page.ts';
import { looked, policyFindings, rank, severityLook } from '../policy-findings.ts';
import { shortKind } from '../short-kind.ts';
import { span } from '../spans.ts';
import { openView } from '../views.ts';
import { objectOf, type Policy } from './rows.ts';

/** What is wrong with policies, lint by lint, the worst first: why it matters, where it is, what mends it. */
export function lintPage(
  judgement: Judgement,
  unseen: readonly Policy[],
  glyphs: Glyphs,
  columns: number,
): ScreenLine[] {
  const page = createPage(columns);
  const findings = [...policyFindings(judgement)].sort((a, b) => rank(a.severity) - rank(b.severity));
  for (const finding of findings) lint(page, finding, glyphs, columns);
  editedBefore(page, unseen, glyphs);
  notLookedAt(page, judgement, glyphs);
  return page.lines;
}

function lint(page: Page, finding: Finding, glyphs: Glyphs, columns: number): void {
  const { sign, tone } = severityLook(finding.severity, glyphs);
  const key = findingKey(finding);
  if (page.lines.length > 0) page.line([], { id: `before ${key}` });
  const target = { pane: 'why', args: [key] };
  for (const [index, text] of wrap(finding.title, Math.max(10, columns - 3)).entries()) {
    const first = index === 0;
    const spans = [span(first ? `${sign} ` : '  ', tone), span(text, 'strong')];
    page.lines.push({ id: first ? key : `${key} title ${index}`, spans, target, troubled: first });
  }
  const check = lints.find(({ id }) => id === finding.id);
  if (check !== undefined) page.prose(check.why, 'dim', 2);
  page.prose(`Mend: ${finding.next}`, undefined, 2);
  // Of one policy the title says it all.
  const told = new Set(finding.evidence.filter((fact) => finding.title.includes(fact)));
  for (const object of finding.objects.slice(0, mostObjects)) {
    page.line([span('  '), span(objectText(object))], {
      id: `${key} ${objectText(object)}`,
      target: openView(object),
      ref: object,
    });
    for (const fact of finding.evidence.filter((one) => !told.has(one) && isAbout(one, object))) {
      told.add(fact);
      page.prose(withoutName(fact, object), 'dim', 6);
    }
  }
  const hidden = finding.objects.length - mostObjects;
  if (hidden > 0) page.line([span(`  and ${number(hidden)} more`, 'dim')], { id: `${key} more` });
  for (const fact of finding.evidence.filter((one) => !told.has(one))) page.prose(fact, 'dim', 4);
}

/** More than these nobody reads one by one; the list has them all, filtered by `z`. */
const mostObjects = 50;

/** What an edit newly denies is told by the version before, and of these nobody here has one. */
function editedBefore(page: Page, unseen: readonly Policy[], glyphs: Glyphs): void {
  if (unseen.length === 0) return;
  page.section('Edited within the hour, before we watched', `${number(unseen.length)}: what that changed is not known`);
  for (const policy of unseen.slice(0, mostObjects)) {
    const object = objectOf(policy);
    const last = lastEdit(policy.edits);
    const edited =
      last === undefined ? '' : `  edited ${clock(last.at)}${last.manager === '' ? '' : ` by ${last.manager}`}`;
    page.line([span(`${glyphs.unknown} `, 'unknown'), span(objectText(object)), span(edited, 'dim')], {
      id: `unseen ${objectText(object)}`,
      target: openView(object),
      ref: object,
      troubled: true,
    });
  }
  const hidden = unseen.length - mostObjects;
  if (hidden > 0) page.line([span(`  and ${number(hidden)} more`, 'dim')], { id: 'unseen more' });
}

function notLookedAt(page: Page, judgement: Judgement, glyphs: Glyphs): void {
  const { not } = looked(judgement);
  if (not.length === 0) return;
  page.section('Not looked at', `${number(not.length)}: of these nothing can be said`);
  for (const [reason, group] of Map.groupBy(not, (one) => one.reason)) {
    page.line([span(`${glyphs.unknown} `, 'unknown'), span(reason)], { id: `not ${reason}` });
    page.prose(group.map(({ id }) => id.slice('policies/'.length)).join(', '), 'dim', 4);
  }
}

function objectText({ kind, namespace, name }: ObjectRef): string {
  return `${shortKind(kind)} ${namespace ? `${namespace}/` : ''}${name}`;
}

/** Evidence names the policy it is about in front. */
function isAbout(fact: string, object: ObjectRef): boolean {
  return namesOf(object).some((name) => fact.startsWith(name) && /^[\s:,]/.test(fact.slice(name.length)));
}

function withoutName(fact: string, object: ObjectRef): string {
  const name = namesOf(object).find((one) => fact.startsWith(one)) ?? '';
  return fact.slice(name.length).replace(/^[\s:,]+/, '');
}

function namesOf(object: ObjectRef): readonly string[] {
  const { kind, namespace, name } = object;
  const whole = namespace ? `${namespace}/${name}` : name;
  return [`${kind} ${whole}`, objectText(object), whole];
}
