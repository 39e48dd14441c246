import type { LogGround } from '../../queries/choose-query.ts';
import { queries } from '../../queries/index.ts';
import type { AskedQuery } from '../query-desk.ts';
import { askedOf, chosenFor, timespanWords } from './asked-of.ts';

/** A question one can put: one of the saved ones, or one that was put before. */
export type QueryRow = Readonly<{
  id: string;
  /** What follows `:kql` for it. */
  args: readonly string[];
  title: string;
  /** What it answers, or why it cannot be asked here. */
  about: string;
  /** Where in `about` it begins to differ from others that begin alike; 0 = at once. */
  differs: number;
  /** '' = it can be asked; else why not, in a word. */
  missing: string;
  timespan: string;
  /** When it was asked; 0 = it is a saved one. */
  at: number;
}>;

/** The saved questions in their order, then what was asked before, newest first. */
export function queryRows(
  history: readonly AskedQuery[],
  ground: LogGround | undefined,
  scope: string,
): readonly QueryRow[] {
  const saved = queries.map((query): QueryRow => {
    const asked = askedOf([query.id], scope);
    const needed = query.parameters.filter(({ isNeeded }) => isNeeded).map(({ name }) => `${name}=x`);
    // What it needs is asked for when it is opened: only the workspace decides here.
    const chosen = ground && chosenFor(askedOf([query.id, ...needed], scope), ground);
    const missing = chosen !== undefined && 'missing' in chosen ? chosen : undefined;
    return {
      id: query.id,
      args: [query.id],
      title: query.title,
      about: missing === undefined ? query.why : `${missing.missing} ${missing.hint}`,
      differs: 0,
      missing: missing === undefined ? '' : 'not here',
      timespan: timespanWords(asked.timespan || query.timespan),
      at: 0,
    };
  });
  const asked = history.map((one, index) => askedRow(one, index));
  return [...saved, ...asked.map((row) => ({ ...row, differs: differsAt(row, asked) }))];
}

function askedRow({ id, parameters, text, timespan, at }: AskedQuery, index: number): QueryRow {
  const query = queries.find((one) => one.id === id);
  const given = Object.entries(parameters).filter(([, value]) => value !== '');
  const edited = text !== '';
  return {
    id: `asked ${index} ${at}`,
    args:
      query === undefined || edited
        ? [...(timespan === '' ? [] : [`since=${timespan}`]), text]
        : [id, ...given.map(([name, value]) => `${name}=${value}`), ...(timespan === '' ? [] : [`since=${timespan}`])],
    title: query === undefined ? 'Query' : `${query.title}${edited ? ', edited' : ''}`,
    about: edited
      ? text.replace(/\s+/g, ' ')
      : given.map(([name, value]) => `${name}=${value}`).join(' ') || (query?.why ?? ''),
    differs: 0,
    missing: '',
    timespan: timespanWords(timespan || query?.timespan || 'PT1H'),
    at,
  };
}

/** The beginning of the word at which it parts from the one it is most alike; what is short is shown whole. */
function differsAt({ id, about }: QueryRow, rows: readonly QueryRow[]): number {
  const alike = rows.map((other) => (other.id === id || other.about === about ? 0 : sameBeginning(about, other.about)));
  const word = about.slice(0, Math.max(0, ...alike)).lastIndexOf(' ') + 1;
  // A few words before it say what it is about.
  const from = about.lastIndexOf(' ', Math.max(0, word - 12)) + 1;
  return from < 20 ? 0 : from;
}

function sameBeginning(one: string, other: string): number {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  return same;
}
