import { UserError } from '../../../errors.ts';
import { followedAs, kqlParts, operatorWord } from '../../../queries/kql-parts.ts';

/** Columns of ours that travel with every row of a tail and are shown to nobody. */
export const hidden = {
  ingested: 'ciliscope_ingested',
  generated: 'ciliscope_generated',
  now: 'ciliscope_now',
  id: 'ciliscope_id',
} as const;

export type FollowText = {
  /** `since` as KQL: `datetime(…)` or `ago(…)`, with its comparison before it. */
  ask(since: string, take: number): string;
  /** Without times, for a plan that has them in the address only. */
  search(): string;
  remarks: readonly string[];
};

/**
 * A question as it can be put again and again: behind its first table it is cut to what was ingested since, and our
 * columns travel through. Throws UserError where rows do not come one by one.
 */
export function followText(text: string, rowId: string): FollowText {
  const statements = kqlParts(text, ';');
  const lets = statements.slice(0, -1).map((one) => `${one};\n`);
  const [source = '', ...operators] = kqlParts(statements.at(-1) ?? '', '|');
  if (source === '') throw new UserError('There is nothing to follow.', 'Begin with a table.');
  const remarks: string[] = [];
  const rest = operators.flatMap((one) => followed(one, rowId, remarks));
  const own = [`${hidden.generated} = TimeGenerated`, ...(rowId === '' ? [] : [`${hidden.id} = ${rowId}`])];
  return {
    remarks,
    ask: (since, take) =>
      [
        `${lets.join('')}${source}`,
        `where ingestion_time() ${since}`,
        `extend ${[`${hidden.ingested} = ingestion_time()`, `${hidden.now} = now()`, ...own].join(', ')}`,
        ...rest,
        `project-reorder ${[hidden.ingested, hidden.now, ...ownNames(rowId)].join(', ')}`,
        `order by ${hidden.ingested} asc`,
        `take ${take}`,
      ].join('\n| '),
    search: () =>
      [
        `${lets.join('')}${source}`,
        `extend ${own.join(', ')}`,
        ...operators.flatMap((one) => followed(one, rowId, [], true)),
        `project-reorder ${ownNames(rowId).join(', ')}`,
      ].join('\n| '),
  };
}

function followed(operator: string, rowId: string, remarks: string[], isSearch = false): string[] {
  const word = operatorWord(operator);
  const how = followedAs(word);
  if (how === 'whole')
    throw new UserError(
      `"${word || operator.slice(0, 20)}" cannot be followed: it needs all rows at once.`,
      'Follow the rows themselves, with where, extend and project.',
    );
  if (how === 'narrows') {
    const travelling = isSearch ? ownNames(rowId) : [hidden.ingested, hidden.now, ...ownNames(rowId)];
    return [`${operator}, ${travelling.join(', ')}`];
  }
  if (how === 'kept') return [operator];
  if (how === 'bounds') remarks.push(`${word} is left out: every row is followed.`);
  return [];
}

function ownNames(rowId: string): readonly string[] {
  return rowId === '' ? [hidden.generated] : [hidden.generated, hidden.id];
}
