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
      missing: missing === undefined ? '' : 'not here',
      timespan: timespanWords(asked.timespan || query.timespan),
      at: 0,
    };
  });
  return [...saved, ...history.map((one, index) => askedRow(one, index))];
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
    missing: '',
    timespan: timespanWords(timespan || query?.timespan || 'PT1H'),
    at,
  };
}
