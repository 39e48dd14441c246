/** What becomes of an operator where a question is followed row by row. `whole`: it cannot be, for it needs all rows at once. */
export type FollowedAs = 'kept' | 'narrows' | 'bounds' | 'dropped' | 'whole';

export function followedAs(word: string): FollowedAs {
  if (oneByOne.test(word)) return 'kept';
  if (/^project(-keep)?$/.test(word)) return 'narrows';
  if (/^(take|limit|top)$/.test(word)) return 'bounds';
  return about.test(word) ? 'dropped' : 'whole';
}

/** Each row becomes one row or none. */
const oneByOne =
  /^(where|filter|extend|parse|parse-where|parse-kv|mv-expand|mvexpand|mv-apply|lookup|project-away|project-rename|project-reorder)$/;
/** What only says in which order, or how it is drawn. */
const about = /^(order|sort|render|as|serialize)$/;

/** `where` of `where A == 1`; '' where there is no word. */
export function operatorWord(operator: string): string {
  return /^[a-z][a-z-]*/i.exec(operator)?.[0] ?? '';
}

/** Texts, comments and what is bracketed are passed over; so is what a backslash or a doubled quote keeps inside. */
const TOKEN =
  /@"(?:[^"]|"")*"|@'(?:[^']|'')*'|```[\s\S]*?```|~~~[\s\S]*?~~~|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|[([{]|[)\]}]|[|;]/g;

/** The parts between these signs, where they stand outside of everything; comments are dropped, as are empty parts at the end. */
export function kqlParts(text: string, sign: '|' | ';'): readonly string[] {
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
