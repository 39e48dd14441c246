import { clockMoment, dateAndClock } from '../../model/clock.ts';
import type { Finding } from '../../model/finding.ts';
import { refText } from '../../model/ref.ts';
import { age } from '../../ui/text.ts';
import type { IncidentReport } from './incident-report.ts';
import { auditTable, type ReportTable, stepLines, timelineTable } from './report-rows.ts';

/** The report as Markdown, for a ticket or a wiki. Charts are left to HTML; their notes stay. */
export function asMarkdown(report: IncidentReport): string {
  const { now } = report;
  const lines = [
    `# ${plain(report.title)}`,
    '',
    plain(report.made),
    '',
    `**${plain(report.verdict)}**`,
    '',
    ...section('Cluster', table({ columns: ['', ''], rows: report.facts.map(([name, value]) => [name, value]) })),
    ...section(
      'Findings',
      report.findings.flatMap((finding) => findingLines(finding, now)),
      'None.',
    ),
    ...section('Also', report.remarks.map(item)),
    ...section(
      'Measured',
      report.charts.map(({ title, note }) => item(`${title}: ${note}`)),
    ),
    ...section(
      'Timeline',
      [
        ...table(timelineTable(report.timeline, now)),
        ...(report.timelineNote === '' ? [] : ['', plain(report.timelineNote)]),
      ],
      'Nothing is known to have changed.',
    ),
    ...section(
      'Done in this session',
      report.jobs.map(({ at, title, outcome, text }) => item(`${clockMoment(at, now)} ${title}: ${outcome}. ${text}`)),
      'Nothing was changed.',
    ),
    ...section('Runbooks', report.runbooks.flatMap(runbookLines), 'None was run.'),
    ...section('Audit', table(auditTable(report.audit, now)), 'No change and no command is on record.'),
    ...section('Queries', report.queries.flatMap(queryLines), 'None was asked.'),
    ...section(
      'Not looked at',
      report.notLookedAt.map(({ what, why }) => item(`${what}: ${why}`)),
      'Everything was looked at.',
    ),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function section(title: string, lines: readonly string[], otherwise = ''): readonly string[] {
  if (lines.length === 0 && otherwise === '') return [];
  return [`## ${title}`, '', ...(lines.length === 0 ? [otherwise] : lines), ''];
}

function findingLines(finding: Finding, now: number): readonly string[] {
  const { severity, id, title, reach, since, evidence, objects, explains = [], next } = finding;
  const facts = [severity, id, since === undefined ? '' : `since ${dateAndClock(since)} (${age(now - since)})`, reach];
  return [
    `### ${plain(title)}`,
    '',
    plain(facts.filter((fact) => fact !== '').join(' · ')),
    '',
    ...evidence.map(item),
    ...(objects.length === 0
      ? []
      : [
          item(
            `objects: ${objects.slice(0, mostObjects).map(refText).join(', ')}${objects.length > mostObjects ? ` and ${objects.length - mostObjects} more` : ''}`,
          ),
        ]),
    ...explains.map(({ title: told, reach: far }) => item(`explains: ${told}${far === '' ? '' : ` (${far})`}`)),
    item(`next: ${next}`),
    '',
  ];
}

const mostObjects = 20;

function runbookLines({ at, title, result }: IncidentReport['runbooks'][number]): readonly string[] {
  const { outcome, cause, steps, target } = result;
  const about = target === undefined ? '' : ` about ${refText(target)}`;
  const said = {
    cause: cause === undefined ? 'cause found' : `${cause.confidence}: ${cause.text}`,
    'not-this': 'not this',
    unknown: 'could not tell',
  };
  return [
    `### ${plain(`${title}${about}`)}`,
    '',
    plain(`${dateAndClock(at)} · ${said[outcome]}`),
    '',
    ...steps.flatMap((step) => {
      const [first = '', ...seen] = stepLines(step);
      return [item(first), ...seen.map((line) => `  ${item(line)}`)];
    }),
    ...(cause === undefined ? [] : [item(`next: ${cause.next}`)]),
    '',
  ];
}

function queryLines({
  title,
  text,
  timespan,
  at,
  columns,
  rows,
  total,
  problem,
}: IncidentReport['queries'][number]): readonly string[] {
  // A fence that the text itself cannot end.
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [
    `### ${plain(title)}`,
    '',
    plain(
      `${dateAndClock(at)} · ${timespan} · ${problem === '' ? `${total} rows${total > rows.length ? `, the first ${rows.length} of them` : ''}` : problem}`,
    ),
    '',
    `${fence}kusto`,
    text,
    fence,
    '',
    ...(columns.length === 0 ? [] : table({ columns, rows })),
    '',
  ];
}

function table({ columns, rows }: ReportTable): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => plain(cell) || ' ').join(' | ')} |`;
  return [line(columns), `|${columns.map(() => '---').join('|')}|`, ...rows.map(line)];
}

function item(text: string): string {
  return `- ${plain(text)}`;
}

/** Names may hold what Markdown or the HTML within it would take for its own. */
function plain(text: string): string {
  return (
    text
      .replace(/\s+/g, ' ')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/[\\`*_[\]|#!~$]/g, (sign, at: number) => (sign === '_' && isWithinWord(text, at) ? sign : `\\${sign}`))
      .trim()
      // What would begin a list of its own.
      .replace(/^(\d{1,9})(?=[.)]\s)|^(?=[-+=])/, '$1\\')
  );
}

/** `node_modules` is no emphasis. */
function isWithinWord(text: string, at: number): boolean {
  return /[A-Za-z0-9]/.test(text[at - 1] ?? '') && /[A-Za-z0-9]/.test(text[at + 1] ?? '');
}
