import type { ChosenQuery, LogGround } from './choose-query.ts';
import { isSearched } from './log-tables.ts';

/** What somebody wrote themselves, as it must be put to this workspace. */
export function typedQuery(text: string, timespan: string, { workspace }: LogGround): ChosenQuery {
  const words = new Set(wordsOf(text));
  const named = workspace.tables.filter(({ name }) => words.has(name));
  const [first] = named;
  const searched = first !== undefined && named.length === 1 && isSearched(first);
  return {
    text,
    timespan,
    searchTable: searched ? first.name : '',
    rowId: '',
    remarks:
      named.length > 1
        ? named.filter(isSearched).map(({ name }) => `${name} is on a plan that can only be asked alone.`)
        : [],
  };
}

/** Why it cannot be followed row by row; undefined where it can. */
export function notFollowed(text: string): string | undefined {
  const operator = operatorsOf(text).find((one) => whole.has(one));
  return operator && `${operator} needs all rows at once; only a query that hands on row by row can be followed`;
}

/** Operators whose result is not some of the rows as they come. */
const whole = new Set([
  'summarize',
  'make-series',
  'top',
  'top-nested',
  'top-hitters',
  'take',
  'limit',
  'count',
  'distinct',
  'sample',
  'sample-distinct',
  'join',
  'lookup',
  'union',
  'render',
  'serialize',
  'getschema',
  'evaluate',
  'reduce',
  'partition',
  'scan',
  'facet',
  'fork',
]);

/** The word behind each pipe; what stands in strings and comments is none. */
function operatorsOf(text: string): readonly string[] {
  return [...bare(text).matchAll(/\|\s*([a-z][\w-]*)/g)].map(([, operator = '']) => operator);
}

function wordsOf(text: string): readonly string[] {
  return bare(text).match(/[A-Za-z_]\w*/g) ?? [];
}

/** Without comments and what stands in quotes. */
function bare(text: string): string {
  return text.replace(/\/\/[^\n]*|@"(?:[^"]|"")*"|@'(?:[^']|'')*'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, ' ');
}
