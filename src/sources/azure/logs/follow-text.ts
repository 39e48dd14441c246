import { UserError } from '../../../errors.ts';

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
  const statements = split(text, ';');
  const lets = statements.slice(0, -1).map((one) => `${one};\n`);
  const [source = '', ...operators] = split(statements.at(-1) ?? '', '|');
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

/** Each row becomes one row or none. */
const oneByOne =
  /^(where|filter|extend|parse|parse-where|parse-kv|mv-expand|mvexpand|mv-apply|lookup|project-away|project-rename|project-reorder)$/;
/** What only says in which order, how many, or how it is drawn. */
const about = /^(order|sort|render|as|serialize|take|limit|top)$/;

function followed(operator: string, rowId: string, remarks: string[], isSearch = false): string[] {
  const word = /^[a-z][a-z-]*/i.exec(operator)?.[0] ?? '';
  if (oneByOne.test(word)) return [operator];
  if (word === 'project' || word === 'project-keep') {
    const travelling = isSearch ? ownNames(rowId) : [hidden.ingested, hidden.now, ...ownNames(rowId)];
    return [`${operator}, ${travelling.join(', ')}`];
  }
  if (!about.test(word))
    throw new UserError(
      `"${word || operator.slice(0, 20)}" cannot be followed: it needs all rows at once.`,
      'Follow the rows themselves, with where, extend and project.',
    );
  if (/^(take|limit|top)$/.test(word)) remarks.push(`${word} is left out: every row is followed.`);
  return [];
}

function ownNames(rowId: string): readonly string[] {
  return rowId === '' ? [hidden.generated] : [hidden.generated, hidden.id];
}

/** Texts, comments and what is bracketed are passed over; so is what a backslash or a doubled quote keeps inside. */
const TOKEN =
  /@"(?:[^"]|"")*"|@'(?:[^']|'')*'|```[\s\S]*?```|~~~[\s\S]*?~~~|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|[([{]|[)\]}]|[|;]/g;

/** The parts between these signs, where they stand outside of everything; comments are dropped, as are empty parts at the end. */
function split(text: string, sign: '|' | ';'): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let from = 0;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith('//')) {
      part += text.slice(from, index);
      from = index + token.length;
    } else if (/^[([{]$/.test(token)) depth += 1;
    else if (/^[)\]}]$/.test(token)) depth -= 1;
    else if (token === sign && depth === 0) {
      parts.push(part + text.slice(from, index));
      part = '';
      from = index + 1;
    }
  }
  parts.push(part + text.slice(from));
  const trimmed = parts.map((one) => one.trim());
  while (trimmed.length > 1 && trimmed.at(-1) === '') trimmed.pop();
  return trimmed;
}
