import type { AuditCall, AuditStory } from './audit-story.ts';
import { clockSecond, dateAndClock } from './clock.ts';

/** How something ended, in a word or two. */
export const auditOutcomes: Readonly<Record<AuditStory['outcome'], string>> = {
  verified: 'done',
  written: 'written, not yet seen',
  done: 'done',
  partly: 'done in part',
  refused: 'not done',
  unknown: 'not known',
  open: 'no end on record',
};

/** More calls than this are summed up. */
const mostCalls = 12;

/** `2 of 3 requests done, 1 without an answer on record`; '' where there is one, and its end says all. */
export function callsWord({ calls, outcome }: AuditStory): string {
  if (calls.length === 0 || (calls.length === 1 && outcome !== 'open')) return '';
  const many = (which: AuditCall['outcome']) => calls.filter((call) => call.outcome === which).length;
  const parts = [
    `${many('done')} of ${calls.length} ${calls.length === 1 ? 'request' : 'requests'} done`,
    ...(many('open') > 0 ? [`${many('open')} without an answer on record`] : []),
    ...(many('unknown') > 0 ? [`${many('unknown')} not known`] : []),
    ...(many('refused') > 0 ? [`${many('refused')} refused`] : []),
  ];
  return parts.join(', ');
}

/** What was changed and run, to be put before others: oldest first, times in UTC. Nothing in it is markup but ours. */
export function auditMarkdown(stories: readonly AuditStory[]): string {
  const [first] = stories;
  if (first === undefined) return 'Nothing was changed, and no command was run.\n';
  const last = stories.reduce((latest, { until }) => Math.max(latest, until), 0);
  const changes = stories.filter(({ about }) => about === 'change');
  const execs = stories.filter(({ about }) => about === 'exec');
  return [
    `From ${dateAndClock(first.at)} to ${dateAndClock(last)}, as ciliscope's audit tells it. Times are UTC.${clusterWords(stories)}`,
    ...(changes.length === 0 ? [] : ['', `### Changes: ${changes.length}`, '', ...changes.flatMap(changeLines)]),
    ...(execs.length === 0 ? [] : ['', `### Commands run in pods: ${execs.length}`, '', ...execs.map(execLine)]),
    '',
  ].join('\n');
}

/** A context is one's own word for a cluster: others are told whose it is. */
function clusterWords(stories: readonly AuditStory[]): string {
  const named = stories.filter(({ cluster, context }) => cluster !== '' && cluster !== context);
  const said = new Set(named.map(({ cluster, context }) => `${plain(context)} is ${plain(cluster)}`));
  return said.size === 0 ? '' : ` Contexts: ${[...said].join(', ')}.`;
}

function changeLines(story: AuditStory): readonly string[] {
  const { at, title, user, context, outcome, said, difference, calls } = story;
  const end = [auditOutcomes[outcome], callsWord(story), said].filter((part) => part !== '').join('. ');
  const shown = calls.slice(0, mostCalls);
  const rest = calls.length - shown.length;
  return [
    `- **${dateAndClock(at).slice(0, 10)} ${clockSecond(at)} ${plain(title)}** by ${plain(user)} on ${plain(context)}: ${plain(end)}`,
    ...(difference === '' ? [] : [`  - changed: ${code(difference)}`]),
    ...shown.map((call) => `  - ${code(call.request)} ${plain(callEnd(call))}`),
    ...(rest > 0 ? [`  - and ${rest} more`] : []),
  ];
}

function callEnd({ outcome, said, tries }: AuditCall): string {
  const word = outcome === 'open' ? 'sent, no answer on record' : outcome;
  const again = tries > 1 ? `, sent ${tries} times` : '';
  return `${word}${again}${outcome === 'done' || said === '' ? '' : `: ${said}`}`;
}

function execLine({ at, object, title, user, context, outcome, said }: AuditStory): string {
  const end = said === '' ? auditOutcomes[outcome] : said;
  return `- ${dateAndClock(at).slice(0, 10)} ${clockSecond(at)} ${plain(object)} ${code(title)} by ${plain(user)} on ${plain(context)}: ${plain(end)}`;
}

/** Names are other people's: they make no markup, and no character out of its number. */
function plain(text: string): string {
  return text.replace(/[\\`*_~[\]<>|#&]/g, '\\$&');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
