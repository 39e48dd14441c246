import { clockMoment, clockTime } from '../../model/clock.ts';
import type { PolicyRow } from '../../model/objects/others.ts';
import type { PolicyReport } from '../../model/policies/policy-asks.ts';
import type { TimelineEntry } from '../../model/timeline.ts';
import { age, number, wrap } from '../../ui/text.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { lastEdit } from '../last-edit.ts';
import { createPage, type Page } from '../page.ts';
import { rank, severityLook } from '../policy-findings.ts';
import { span } from '../spans.ts';
import { endName } from '../verdict-key.ts';
import { reachView } from '../views.ts';

export type PolicyPage = {
  report: PolicyReport;
  /** As it is listed; undefined once it is deleted. */
  row: PolicyRow | undefined;
  /** What was seen to happen to it, the newest first. */
  entries: readonly TimelineEntry[];
};

/** One policy: whether it holds, what is wrong with it, its rules in sentences, whom it is about, how it was before. */
export function policyPage(given: PolicyPage, columns: number, glyphs: Glyphs, now: number): ScreenLine[] {
  const page = createPage(columns, 10);
  summary(page, given, glyphs, now);
  findings(page, given.report, glyphs);
  rules(page, given.report, columns);
  subjects(page, given.report);
  history(page, given, now);
  return page.lines;
}

function summary(page: Page, { report, row }: PolicyPage, glyphs: Glyphs, now: number): void {
  const { selects, isolates } = report;
  page.line([forceSpan(report, glyphs)], { id: 'force', troubled: report.inForce !== 'yes' });
  const why = report.why || (report.inForce === 'no' ? 'The API server does not serve this version of its kind.' : '');
  if (why !== '') page.prose(why, report.inForce === 'no' ? 'error' : 'unknown', 2);
  const about = selects < 0 ? 'nobody can tell which pods' : pods(selects);
  const isolated = (['ingress', 'egress'] as const)
    .filter((direction) => isolates[direction] > 0)
    .map((direction) => `${number(isolates[direction])} in ${direction}`);
  page.field('selects', [span(about), span(report.about.length === 0 ? '' : `: ${report.about.join('; or ')}`, 'dim')]);
  page.field('isolates', [span(isolated.length === 0 ? 'none' : isolated.join(', '))]);
  if (row === undefined) return;
  const last = lastEdit(row.edits);
  const fields = last === undefined || last.fields.length === 0 ? '' : ` · ${last.fields.join(', ')}`;
  if (last !== undefined)
    page.field('changed', [
      span(`${age(now - last.at)} ago by ${last.manager}`),
      span(` · ${clockTime(last.at, now)}${fields}`, 'dim'),
    ]);
  page.field('created', [span(`${age(now - row.created)} ago`), span(` · generation ${row.generation}`, 'dim')]);
}

/** `● in force`, `✖ not in force`, `○ nobody can tell whether it is in force`. */
export function forceSpan({ inForce }: Pick<PolicyReport, 'inForce'>, glyphs: Glyphs): Span {
  if (inForce === 'yes') return span(`${glyphs.ok} in force`, 'ok');
  if (inForce === 'no') return span(`${glyphs.error} not in force: none of it holds`, 'error');
  return span(`${glyphs.unknown} unknown whether it is in force`, 'unknown');
}

function findings(page: Page, { findings: all }: PolicyReport, glyphs: Glyphs): void {
  if (all.length === 0) return;
  page.section('Wrong with it', number(all.length));
  for (const [index, { id, severity, path, text, next }] of [...all]
    .sort((a, b) => rank(a.severity) - rank(b.severity))
    .entries()) {
    const { sign, tone } = severityLook(severity, glyphs);
    page.line([span(`${sign} `, tone), span(path, 'strong'), span(` ${id.replace('policies/', '')}`, 'dim')], {
      id: `finding ${index}`,
      troubled: severity !== 'note',
    });
    page.prose(text, undefined, 4);
    page.prose(`mend: ${next}`, 'dim', 4);
  }
}

function rules(page: Page, { rules: all, inForce }: PolicyReport, columns: number): void {
  page.section('Rules', inForce === 'no' ? 'as written: none of them holds' : '');
  if (all.length === 0) page.prose('None.', 'dim');
  sentences(page, all, columns, '');
}

/** `ingress[0]  from …`: paths beside each other, sentences broken behind them. */
function sentences(page: Page, all: readonly { path: string; text: string }[], columns: number, indent: string): void {
  const size = Math.min(24, Math.max(...all.map(({ path }) => (path || bySelection).length), 0));
  const room = Math.max(20, columns - 6 - indent.length - size);
  for (const { path, text } of all) {
    for (const [index, part] of wrap(text, room).entries()) {
      const name = index === 0 ? (path || bySelection).padEnd(size) : ' '.repeat(size);
      page.line([span(`${indent}${name}  `, 'dim'), span(part)]);
    }
  }
}

/** A NetworkPolicy isolates whom it selects without any rule of it saying so. */
const bySelection = 'policyTypes';

function subjects(page: Page, { subjects: all, selects }: PolicyReport): void {
  const note = all.length === 0 ? '' : `${workloads(all.length)}; enter tells who may reach them`;
  page.section('Whom it is about', note);
  if (all.length === 0) {
    page.prose(selects < 0 ? 'Nobody can tell yet.' : 'No pod: there is nobody for whom it could hold.', 'dim');
    return;
  }
  for (const { kind, namespace, name, pods: count } of all.slice(0, mostSubjects)) {
    page.line([span(`${kind} `, 'dim'), span(`${namespace}/${name}`), span(`  ${pods(count)}`, 'dim')], {
      id: `subject ${kind} ${namespace}/${name}`,
      target: reachView(endName({ kind, namespace, name }) ?? `${namespace}/${name}`),
      ref: { kind, namespace, name },
    });
  }
  if (all.length > mostSubjects) page.line([span(`and ${number(all.length - mostSubjects)} more`, 'dim')]);
}

const mostSubjects = 100;

function history(page: Page, { report, entries }: PolicyPage, now: number): void {
  const { earlier } = report;
  if (earlier.length === 0 && entries.length === 0) return;
  page.section('Before', 'only what was seen since we watch, and what the object says itself');
  for (const { at, what, detail, who } of entries.slice(0, mostEntries)) {
    page.line([
      span(`${clockTime(at, now).padEnd(8)}  `, 'dim'),
      span(what.padEnd(9)),
      span([detail, who].filter((part) => part !== '').join(' · '), 'dim'),
    ]);
  }
  for (const { until, by, rules: then } of earlier) {
    page.line([span(`until ${clockMoment(until, now)}`, 'strong'), span(by === '' ? '' : `, changed by ${by}`, 'dim')]);
    if (then.length === 0) page.line([span('  it was not there', 'dim')]);
    for (const { path, text } of then) page.prose(path === '' ? text : `${path}: ${text}`, undefined, 2);
  }
}

const mostEntries = 10;

function workloads(count: number): string {
  return count === 1 ? '1 workload' : `${number(count)} workloads`;
}

function pods(count: number): string {
  return count === 1 ? '1 pod' : `${number(count)} pods`;
}

/** The first workload that it is about; what `v` asks about. */
export function firstSubject({ subjects: [first] }: PolicyReport): string {
  return first === undefined ? '' : (endName(first) ?? `${first.namespace}/${first.name}`);
}
