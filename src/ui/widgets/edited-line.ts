/** A line being typed. `cursor` counts UTF-16 units and never stands inside a character. */
export type EditedLine = Readonly<{ text: string; cursor: number }>;

export function editedLine(text: string): EditedLine {
  return { text, cursor: text.length };
}

export function insert({ text, cursor }: EditedLine, more: string): EditedLine {
  return { text: text.slice(0, cursor) + more + text.slice(cursor), cursor: cursor + more.length };
}

export function deleteBefore({ text, cursor }: EditedLine): EditedLine {
  const from = cursor - (lastCharacter(text.slice(0, cursor))?.length ?? 0);
  return { text: text.slice(0, from) + text.slice(cursor), cursor: from };
}

export function deleteWordBefore({ text, cursor }: EditedLine): EditedLine {
  const from = text.slice(0, cursor).replace(/\S*\s*$/, '').length;
  return { text: text.slice(0, from) + text.slice(cursor), cursor: from };
}

/** By one character left or right, or to an end with ±Infinity. */
export function moveCursor({ text, cursor }: EditedLine, by: number): EditedLine {
  if (by === Number.NEGATIVE_INFINITY) return { text, cursor: 0 };
  if (by === Number.POSITIVE_INFINITY) return { text, cursor: text.length };
  const step =
    by < 0 ? -(lastCharacter(text.slice(0, cursor))?.length ?? 0) : (firstCharacter(text.slice(cursor))?.length ?? 0);
  return { text, cursor: cursor + step };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function firstCharacter(text: string): string | undefined {
  for (const { segment } of graphemes.segment(text)) return segment;
  return undefined;
}

function lastCharacter(text: string): string | undefined {
  return [...graphemes.segment(text)].at(-1)?.segment;
}
