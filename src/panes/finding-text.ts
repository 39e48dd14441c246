import { dateAndClock } from '../model/clock.ts';
import type { Finding } from '../model/finding.ts';

/** A finding as one pastes it into a chat: what, since when, how far, what was seen, what to do. */
export function findingText({ id, severity, title, since, reach, evidence, explains = [], next }: Finding): string {
  const when = since ? `since ${dateAndClock(since)}` : '';
  return [
    title,
    [severity, id, when, reach].filter(Boolean).join(' · '),
    ...evidence.map((fact) => `  ${fact}`),
    ...explains.map((one) => `  explains: ${one.title} (${one.reach})`),
    `next: ${next}`,
  ].join('\n');
}
