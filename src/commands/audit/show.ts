import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import type { AuditStory } from '../../model/audit-story.ts';
import { auditMarkdown, auditOutcomes, callsWord } from '../../model/audit-words.ts';
import { clockSecond, dateAndClock } from '../../model/clock.ts';
import { storiesOf } from '../../sources/records/read-audit.ts';
import type { Command } from '../command.ts';
import { parseDuration } from '../duration.ts';
import { openAudit } from './open-audit.ts';

/** What was changed and run from this machine, oldest first. */
export const show: Command = {
  name: 'show',
  summary: 'what was changed and which commands were run in pods, by whom, and what became of it',
  describe(program: Program) {
    program
      .argument('[file]', 'another audit file than your own')
      .option('--since <when>', 'from then on: 30m, 6h, 2d, or a moment as ISO 8601')
      .option('--changes', 'without the commands that only read')
      .option('--markdown', 'print Markdown, to be shared')
      .option('--json', 'print one JSON object')
      .addHelpText('after', '\nNames of changed fields are in it, their values are not.')
      .addHelpText('after', '\nExit code: 0 shown, 2 could not be read.');
  },
  async run([named], options, { stdout, env }) {
    if (options['markdown'] && options['json'])
      throw new UserError('--markdown and --json cannot both be printed.', 'Give one of them.');
    const now = new Date();
    const since = sinceOf(options['since'], now.getTime());
    const { file, lines } = openAudit(named, { env });
    const stories = storiesOf(lines).filter(
      ({ until, about }) => until >= since && (about === 'change' || options['changes'] !== true),
    );
    if (options['json']) {
      const head = { version: 1, command: 'audit show', cluster: '', startedAt: now.toISOString(), file };
      stdout.write(`${JSON.stringify({ ...head, stories: stories.map(asJson) })}\n`);
    } else stdout.write(options['markdown'] ? auditMarkdown(stories) : storiesText(stories));
    return 0;
  },
};

function sinceOf(text: unknown, now: number): number {
  if (typeof text !== 'string') return 0;
  const [, days] = /^(\d{1,4})d$/.exec(text) ?? [];
  if (days !== undefined) return now - Number(days) * 86_400_000;
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return now - parseDuration(text, '--since');
  const moment = Date.parse(text);
  if (Number.isNaN(moment))
    throw new UserError(`--since is "${text.slice(0, 40)}", which is no moment.`, 'Give one like 2026-11-22T10:00Z.');
  return moment;
}

function asJson({ at, until, calls, id: _, ...story }: AuditStory): object {
  const moment = (ms: number) => new Date(ms).toISOString();
  return {
    at: moment(at),
    until: moment(until),
    ...story,
    calls: calls.map((call) => ({ ...call, at: moment(call.at) })),
  };
}

function storiesText(stories: readonly AuditStory[]): string {
  if (stories.length === 0) return 'nothing on record\n';
  return stories.map((story) => `${lineOf(story)}\n`).join('');
}

function lineOf(story: AuditStory): string {
  const { at, about, title, object, user, context, outcome, said } = story;
  const what = about === 'exec' ? `${object} ${title}` : title;
  const end = [auditOutcomes[outcome], callsWord(story), said].filter((part) => part !== '').join('. ');
  return `${dateAndClock(at).slice(0, 10)} ${clockSecond(at)}Z  ${user} on ${context}  ${about === 'exec' ? 'ran' : 'did'} ${what}: ${end}`;
}
