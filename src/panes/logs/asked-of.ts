import { messageOf } from '../../errors.ts';
import type { LogQuery, LogTail } from '../../model/azure/log-query.ts';
import { type ChosenQuery, chooseQuery, type LogGround, type MissingLogs } from '../../queries/choose-query.ts';
import { queries } from '../../queries/index.ts';
import type { SavedQuery } from '../../queries/saved-query.ts';
import { spanMs, timespanOf } from '../../queries/timespan.ts';
import { notFollowed, typedQuery } from '../../queries/typed-query.ts';
import { mostRows } from './result.ts';

/** What the view is about: a saved question with its parameters, or a text; edited or not. */
export type Asked = Readonly<{
  saved: SavedQuery | undefined;
  parameters: Readonly<Record<string, string>>;
  /** The text as it stands in the editor; undefined = as the saved question words it for this workspace. */
  text: string | undefined;
  /** ISO 8601; '' = the question's own. */
  timespan: string;
}>;

/** From what follows `:kql`: `denied-flows namespace=shop since=6h`, or a query, with `since=6h` before it or not. */
export function askedOf(args: readonly string[], scope: string): Asked {
  const [first = '', ...rest] = args;
  const saved = queries.find(({ id }) => id === first);
  if (saved === undefined || !rest.every((one) => /^[\w-]+=/.test(one))) {
    const timed = /^since=(\S+)$/.exec(first)?.[1];
    const text = (timed === undefined ? args : rest).join(' ');
    return { saved: undefined, parameters: {}, text, timespan: timespanOf(timed ?? '') ?? '' };
  }
  const given = rest.map((one): [string, string] => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]);
  const { since = '', ...parameters } = Object.fromEntries(given);
  return {
    saved,
    parameters: { ...fromScope(saved, scope), ...parameters },
    text: undefined,
    timespan: timespanOf(since) ?? '',
  };
}

/** What the screens are narrowed to narrows a question as well, unless it is told otherwise. */
function fromScope({ parameters }: SavedQuery, scope: string): Readonly<Record<string, string>> {
  if (scope === '') return {};
  return Object.fromEntries(parameters.filter(({ from }) => from === 'namespace').map(({ name }) => [name, scope]));
}

/** The question for this workspace, why it cannot be asked there, or what is wrong with it. */
export function chosenFor(asked: Asked, ground: LogGround): ChosenQuery | MissingLogs {
  const timespan = asked.timespan || asked.saved?.timespan || 'PT1H';
  try {
    if (asked.saved !== undefined) {
      const chosen = chooseQuery(asked.saved, ground, asked.parameters, timespan);
      // A text that somebody changed is theirs; where it goes and what its rows are known by stays.
      return 'missing' in chosen || asked.text === undefined ? chosen : { ...chosen, text: asked.text };
    }
    return typedQuery(asked.text ?? '', timespan, ground);
  } catch (error) {
    return { missing: messageOf(error), hint: 'p gives it other parameters.' };
  }
}

export function logQueryOf(chosen: ChosenQuery): LogQuery {
  const { text, timespan, searchTable } = chosen;
  return { text, timespan, searchTable, mostRows, limitS: 120 };
}

/** When what is followed from `beganAt` on begins, ms since 1970: it grows, and is no longer the last hour. */
export function tailSince({ saved, timespan }: Asked, beganAt: number): number {
  const wanted = timespan || saved?.timespan || 'PT1H';
  return wanted.includes('/') ? beganAt : beganAt - spanMs(wanted);
}

/** Between two questions of a tail, ms: rows come every half minute at best. */
const everyMs = 10_000;

export function logTailOf(chosen: ChosenQuery): LogTail {
  return { ...logQueryOf(chosen), everyMs, rowId: chosen.rowId };
}

/** Why it cannot be followed; undefined where it can. */
export function whyNotFollowed({ saved, text }: Asked): string | undefined {
  if (text !== undefined) return text.trim() === '' ? 'there is no query yet' : notFollowed(text);
  return saved?.canFollow === false
    ? 'it counts over the whole time; only rows as they come can be followed'
    : undefined;
}

/** Those that `t` goes through. */
export const timespans: readonly string[] = ['PT15M', 'PT1H', 'PT3H', 'PT6H', 'P1D', 'P7D'];

/** `PT1H` as people say it: `1h`. */
export function timespanWords(timespan: string): string {
  const [, days = '', rest = ''] = /^P(?:(\d+)D)?(?:T(.+))?$/.exec(timespan) ?? [];
  const said = `${days === '' ? '' : `${days}d`}${rest.toLowerCase()}`;
  return said === '' ? timespan : said;
}
