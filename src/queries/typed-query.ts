import type { ChosenQuery, LogGround } from './choose-query.ts';
import { followedAs, kqlParts, operatorWord } from './kql-parts.ts';
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
    remarks: searched
      ? [`${first.name} is on the ${first.plan} plan: each question is paid for.`]
      : named.filter(isSearched).map(({ name }) => `${name} is on a plan that can only be asked alone.`),
  };
}

/** Why it cannot be followed row by row; undefined where it can. */
export function notFollowed(text: string): string | undefined {
  const [, ...operators] = kqlParts(kqlParts(text, ';').at(-1) ?? '', '|');
  const operator = operators.find((one) => followedAs(operatorWord(one)) === 'whole');
  if (operator === undefined) return undefined;
  const word = operatorWord(operator) || operator.slice(0, 20);
  return `${word} needs all rows at once; only a query that hands on row by row can be followed`;
}

function wordsOf(text: string): readonly string[] {
  return bare(text).match(/[A-Za-z_]\w*/g) ?? [];
}

/** Without comments and what stands in quotes. */
function bare(text: string): string {
  return text.replace(/\/\/[^\n]*|@"(?:[^"]|"")*"|@'(?:[^']|'')*'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, ' ');
}
