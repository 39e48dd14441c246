import { clockMoment, dateAndClock } from '../../model/clock.ts';
import type { Finding } from '../../model/finding.ts';
import { refText } from '../../model/ref.ts';
import { age } from '../../ui/text.ts';
import type { Chart } from './chart.ts';
import { drawChart } from './draw-chart.ts';
import { escapeHtml as text } from './escape-html.ts';
import type { IncidentReport } from './incident-report.ts';
import { auditTable, type ReportTable, stepLines, timelineTable } from './report-rows.ts';
import { reportStyle } from './report-style.ts';

/**
 * The report as one file: style and charts are in it, nothing is fetched and nothing runs, which the page's own policy
 * says to the browser as well.
 */
export function asHtml(report: IncidentReport): string {
  const { now } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(report.title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${text(report.title)}</h1>
<p class="small">${text(report.made)}</p>
<p class="verdict ${report.tone}">${text(report.verdict)}</p>
</header>
<main>
${section('Findings', report.findings.map((finding) => findingHtml(finding, now)).join('\n'), 'None.')}
${section('Also', list(report.remarks), '')}
${section('Charts', report.charts.map(chart).join('\n'))}
${section('Cluster', facts(report.facts))}
${section('Timeline', `${table(timelineTable(report.timeline, now))}${note(report.timelineNote)}`, 'Nothing is known to have changed.')}
${section('Done in this session', list(report.jobs.map(({ at, title, outcome, text: said }) => `${clockMoment(at, now)} ${title}: ${outcome}. ${said}`)), 'Nothing was changed.')}
${section('Runbooks', report.runbooks.map(runbook).join('\n'), 'None was run.')}
${section('Audit', table(auditTable(report.audit, now)), 'No change and no command is on record.')}
${section('Queries', report.queries.map(query).join('\n'), 'None was asked.')}
${section('Not looked at', list(report.notLookedAt.map(({ what, why }) => `${what}: ${why}`)), 'Everything was looked at.')}
</main>
</body>
</html>
`;
}

/** `otherwise`: what is said where there is nothing; '' = the section is left out. */
function section(title: string, content: string, otherwise?: string): string {
  if (content === '' && otherwise === '') return '';
  return `<section><h2>${text(title)}</h2>\n${content === '' ? `<p>${text(otherwise ?? '')}</p>` : content}\n</section>`;
}

function chart(given: Chart): string {
  const drawn = given.type === 'nothing' ? '' : drawChart(given);
  return `<figure${given.type === 'nothing' ? ' class="empty"' : ''}><figcaption><strong>${text(given.title)}</strong> <span class="small">${text(given.note)}</span></figcaption>${drawn === '' ? '' : `<div class="chart">${drawn}</div>`}</figure>`;
}

function findingHtml(finding: Finding, now: number): string {
  const { severity, id, title, reach, since, evidence, objects, explains = [], next } = finding;
  const told = [severity, id, since === undefined ? '' : `since ${dateAndClock(since)} (${age(now - since)})`, reach];
  const named = objects.slice(0, mostObjects).map(refText);
  const more = objects.length > mostObjects ? [`and ${objects.length - mostObjects} more`] : [];
  return `<article class="finding ${severity}"><h3>${text(title)}</h3>
<p class="small">${text(told.filter((fact) => fact !== '').join(' · '))}</p>
${list(evidence)}
${named.length === 0 ? '' : `<p class="small">${text([...named, ...more].join(', '))}</p>`}
${list(explains.map(({ title: one, reach: far }) => `explains: ${one}${far === '' ? '' : ` (${far})`}`))}
<p class="next">${text(next)}</p></article>`;
}

const mostObjects = 20;

function runbook({ at, title, result }: IncidentReport['runbooks'][number]): string {
  const { outcome, cause, steps, target } = result;
  const about = target === undefined ? '' : ` about ${refText(target)}`;
  const said = {
    cause: cause === undefined ? 'cause found' : `${cause.confidence}: ${cause.text}`,
    'not-this': 'not this',
    unknown: 'could not tell',
  };
  const items = steps.map((step) => {
    const [first = '', ...seen] = stepLines(step);
    return `<li>${text(first)}${list(seen)}</li>`;
  });
  return `<article><h3>${text(`${title}${about}`)}</h3><p class="small">${text(`${dateAndClock(at)} · ${said[outcome]}`)}</p><ol>${items.join('')}</ol>${cause === undefined ? '' : `<p class="next">${text(cause.next)}</p>`}</article>`;
}

function query({
  title,
  text: asked,
  timespan,
  at,
  columns,
  rows,
  total,
  problem,
}: IncidentReport['queries'][number]): string {
  const told =
    problem === '' ? `${total} rows${total > rows.length ? `, the first ${rows.length} of them` : ''}` : problem;
  return `<article><h3>${text(title)}</h3><p class="small">${text(`${dateAndClock(at)} · ${timespan} · ${told}`)}</p><pre>${text(asked)}</pre>${table({ columns, rows })}</article>`;
}

function table({ columns, rows }: ReportTable): string {
  if (rows.length === 0) return '';
  const cells = (all: readonly string[], tag: 'td' | 'th') =>
    all.map((cell) => `<${tag}>${text(cell)}</${tag}>`).join('');
  return `<div class="wide"><table><thead><tr>${cells(columns, 'th')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')}</tbody></table></div>`;
}

function facts(all: IncidentReport['facts']): string {
  return `<dl>${all.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join('')}</dl>`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${text(item)}</li>`).join('')}</ul>`;
}

function note(said: string): string {
  return said === '' ? '' : `<p class="small">${text(said)}</p>`;
}
