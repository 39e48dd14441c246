import type { Finding, Judgement, Severity } from '../../model/finding.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { calmWords, suspectsText } from '../../panes/calm-words.ts';
import { skewText } from '../../panes/skew-words.ts';
import { age, number, wrap } from '../../ui/text.ts';
import { createTheme } from '../../ui/theme.ts';

export type Page = { columns: number; ascii: boolean };

/** The verdict for people: findings with their evidence, what was not looked at, one line of sum. No escape codes. */
export function asText(judgement: Judgement, snapshot: Snapshot, page: Page): string {
  const { findings, notLookedAt } = judgement;
  const lines = [
    ...heading(snapshot),
    '',
    ...findings.flatMap((finding) => [...findingLines(finding, judgement.at, page), '']),
    ...(notLookedAt.length > 0 ? [...notLookedLines(judgement, page), ''] : []),
    ...notAskedLines(judgement, page),
    verdictLine(judgement, page),
    '',
  ];
  // Findings bring signs of their own, such as × and …
  return createTheme({ ascii: page.ascii, colour: false }).paint(lines.join('\n'), {});
}

/** A finding as every command prints it to people: sign, severity and id, title, evidence, what it explains, what to do. */
export function findingLines(finding: Finding, now: number, { columns, ascii }: Page): string[] {
  const sign = signs[finding.severity][ascii ? 1 : 0];
  const since = finding.since ? [`for ${age(now - finding.since)}`] : [];
  const facts = [finding.severity, finding.id, ...since, finding.reach].filter((fact) => fact !== '');
  return [
    ...hanging(`${sign} `, finding.title, columns),
    ...hanging('  ', facts.join(ascii ? ' - ' : ' · '), columns),
    ...finding.evidence.flatMap((line) => hanging('    ', line, columns)),
    ...(finding.explains ?? []).flatMap(({ title, reach }) =>
      hanging(ascii ? '    ` ' : '    └ ', reach ? `${title} (${reach})` : title, columns),
    ),
    ...hanging(ascii ? '  > ' : '  → ', finding.next, columns),
  ];
}

const signs: Record<Severity, readonly [string, string]> = {
  error: ['✖', 'X'],
  warning: ['▲', '!'],
  note: ['○', 'o'],
};

/**
 * `✖ 2 errors, 1 warning · 31 of 34 checks looked`, or in the header's words that nothing is wrong. Here it
 * stands alone and is an answer: what was not asked (metrics, a truth check, Azure) is where it may be wrong all the same.
 */
export function verdictLine(judgement: Judgement, { ascii }: Page): string {
  const { findings, looked, of, waiting, at, notAsked } = judgement;
  const counts = (['error', 'warning', 'note'] as const)
    .map((severity) => ({ severity, n: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ n }) => n > 0);
  const [worst] = counts;
  const calm = calmWords(judgement, '', at);
  const sign = worst ? signs[worst.severity][ascii ? 1 : 0] : createTheme({ ascii, colour: false }).glyphs[calm.glyph];
  const sum = worst
    ? counts.map(({ severity, n }) => `${number(n)} ${severity}${n === 1 ? '' : 's'}`).join(', ')
    : calm.words.replace(/^nothing wrong$/, notAsked.length > 0 ? 'nothing wrong in what was asked' : '$&');
  const facts = [sum, suspectsText(waiting, at), `${looked} of ${of} checks looked`].filter((fact) => fact !== '');
  return `${sign} ${facts.join(ascii ? ' - ' : ' · ')}`;
}

function heading({ cluster, links }: Snapshot): string[] {
  // As the console's header counts: what the server has not, cannot be read.
  const there = [...links.values()].filter(({ phase }) => phase !== 'missing');
  const live = there.filter(({ phase }) => phase === 'live').length;
  const facts = [
    cluster.context || cluster.server,
    cluster.kubernetesVersion && `k8s ${cluster.kubernetesVersion.replace(/^v/, '')}`,
    `${live} of ${there.length} lists read`,
    skewText(cluster.skew),
  ];
  return [facts.filter(Boolean).join('  ')];
}

/** Checks that could not look, grouped by the reason they share. */
function notLookedLines({ notLookedAt }: Judgement, { columns, ascii }: Page): string[] {
  const byReason = Map.groupBy(notLookedAt, ({ reason }) => reason);
  return [
    'Not looked at:',
    ...[...byReason].flatMap(([reason, entries]) =>
      hanging(`${ascii ? '?' : '○'} `, `${reason}: ${entries.map(({ id }) => id).join(', ')}`, columns),
    ),
  ];
}

/** One line each: nobody asked, so nobody needs their names. */
function notAskedLines({ notAsked }: Judgement, { columns, ascii }: Page): string[] {
  const byReason = Map.groupBy(notAsked, ({ reason }) => reason);
  return [...byReason].flatMap(([reason, entries]) =>
    hanging(`${ascii ? '?' : '○'} `, `${reason} (${number(entries.length)} checks)`, columns),
  );
}

/** Wrapped, with the lines after the first standing under the text. */
function hanging(lead: string, text: string, columns: number): string[] {
  const indent = ' '.repeat(lead.length);
  return wrap(text, Math.max(20, columns - lead.length)).map((line, at) => (at === 0 ? lead : indent) + line);
}
