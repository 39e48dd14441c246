import type { AuditStory } from '../../model/audit-story.ts';
import { auditOutcomes } from '../../model/audit-words.ts';
import { clockMoment } from '../../model/clock.ts';
import { refText } from '../../model/ref.ts';
import type { StepResult } from '../../model/runbook-result.ts';
import type { TimelineEntry } from '../../model/timeline.ts';
import { timelineRow } from '../../panes/timeline-row.ts';

/** The tables of a report as texts: the same in Markdown and in HTML. */
export type ReportTable = { columns: readonly string[]; rows: readonly (readonly string[])[] };

export function timelineTable(entries: readonly TimelineEntry[], now: number): ReportTable {
  return {
    columns: ['When (UTC)', 'What', 'Object', 'Detail', 'Who'],
    rows: entries.map((entry) => {
      const { what, object, detail, who } = timelineRow(entry, now);
      // What was not watched is read from the objects' own history.
      return [clockMoment(entry.at, now), entry.live ? what : `${what} ≈`, object, detail, who];
    }),
  };
}

export function auditTable(entries: readonly AuditStory[], now: number): ReportTable {
  return {
    columns: ['When (UTC)', 'Who', 'What', 'Request', 'Outcome'],
    rows: entries.map(({ at, user, title, calls, outcome, said }) => [
      clockMoment(at, now),
      user,
      title,
      calls.map(({ request }) => request).join('; '),
      `${auditOutcomes[outcome]}${said === '' ? '' : `: ${said}`}`,
    ]),
  };
}

const signs: Readonly<Record<StepResult['result'], string>> = {
  ...{ found: 'found', against: 'speaks against it', nothing: 'nothing found', 'not-looked': 'could not look' },
  ...{ skipped: 'skipped', told: 'told', answered: 'answered', offered: 'offered' },
};

/** A runbook's steps, a line each, with what they saw below. */
export function stepLines(step: StepResult): readonly string[] {
  const text = step.text === '' ? '' : `: ${step.text.replaceAll('\n', '; ')}`;
  return [
    `${step.title} (${signs[step.result]}${text})`,
    ...step.evidence.map(
      ({ text: seen, source, object }) => `${seen} [${source}${object ? `, ${refText(object)}` : ''}]`,
    ),
  ];
}
