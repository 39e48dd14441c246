import { width } from './text.ts';
import { deleteBefore, deleteWordBefore, moveCursor } from './widgets/edited-line.ts';

/** A text of several lines being typed. `cursor` counts UTF-16 units and never stands inside a character. */
export type EditedText = Readonly<{
  text: string;
  cursor: number;
  /** The column that up and down keep to, across shorter lines; undefined after any other move. */
  column: number | undefined;
  past: readonly Moment[];
  future: readonly Moment[];
  /** One character more joins the step before it: undo takes words back, not letters. */
  typing: boolean;
}>;
type Moment = Readonly<{ text: string; cursor: number }>;

/** A line as it is drawn: one that is too wide goes on below. Offsets of the text, `end` without the line break. */
export type DrawnLine = Readonly<{ start: number; end: number; number: number; continued: boolean }>;

export type TextMove =
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'up'
  | 'down'
  | 'line-start'
  | 'line-end'
  | 'start'
  | 'end';

export function editedText(text: string, cursor = text.length): EditedText {
  return { text, cursor: Math.min(cursor, text.length), column: undefined, past: [], future: [], typing: false };
}

/** More steps back than anyone remembers taking. */
const mostSteps = 200;
/** A query that is longer was not typed by anybody; the service takes no more either, in UTF-16 units. */
const longest = 1_000_000;

/** What is typed or pasted: line breaks are one form, tabs blanks, and what cannot be seen is left out. */
export function insertText(state: EditedText, more: string): EditedText {
  const inert = more
    .replace(/\r\n?|\p{Zl}|\p{Zp}/gu, '\n')
    .replaceAll('\t', '  ')
    .replace(/[\p{Cc}\p{Cf}](?<!\n)/gu, '');
  if (inert === '' || state.text.length + inert.length > longest) return state;
  return replaceRange(state, state.cursor, 0, inert, inert.length === 1 && inert !== '\n' && inert !== ' ');
}

/** A line break, with the blanks that the line begins with. */
export function breakLine(state: EditedText): EditedText {
  const line = state.text.slice(state.text.lastIndexOf('\n', state.cursor - 1) + 1, state.cursor);
  return replaceRange(state, state.cursor, 0, `\n${/^ */.exec(line)?.[0] ?? ''}`);
}

/** Other text in the place of some; the cursor stands behind it, or so far before its end. */
export function replaceRange(
  state: EditedText,
  start: number,
  length: number,
  inserted: string,
  joins = false,
  beforeEnd = 0,
): EditedText {
  const text = state.text.slice(0, start) + inserted + state.text.slice(start + length);
  return changed(state, { text, cursor: start + inserted.length - beforeEnd }, joins);
}

/** All of it by another, as it comes from an editor: one step that can be taken back. */
export function replaceAll(state: EditedText, text: string): EditedText {
  return text === state.text ? state : changed(state, { text, cursor: Math.min(state.cursor, text.length) });
}

export function eraseBefore(state: EditedText): EditedText {
  return changed(state, deleteBefore(state), true);
}

export function eraseAfter(state: EditedText): EditedText {
  const { cursor } = moveCursor(state, 1);
  return cursor === state.cursor ? state : replaceRange(state, state.cursor, cursor - state.cursor, '', true);
}

export function eraseWordBefore(state: EditedText): EditedText {
  return changed(state, deleteWordBefore(state));
}

export function eraseToLineStart(state: EditedText): EditedText {
  const start = state.text.lastIndexOf('\n', state.cursor - 1) + 1;
  // At the start of a line the line break itself goes, so that the key always does something.
  const from = start === state.cursor ? Math.max(0, start - 1) : start;
  return replaceRange(state, from, state.cursor - from, '');
}

export function undo(state: EditedText): EditedText {
  const [last, ...past] = state.past;
  if (last === undefined) return state;
  return { ...last, column: undefined, past, future: [momentOf(state), ...state.future], typing: false };
}

export function redo(state: EditedText): EditedText {
  const [next, ...future] = state.future;
  if (next === undefined) return state;
  return { ...next, column: undefined, past: [momentOf(state), ...state.past], future, typing: false };
}

/** `columns` is how wide lines are drawn: up and down go by what one sees. */
export function moveIn(state: EditedText, move: TextMove, columns: number): EditedText {
  if (move === 'up' || move === 'down') return moveLine(state, move === 'up' ? -1 : 1, columns);
  return { ...state, cursor: placeOf(state, move), column: undefined, typing: false };
}

/** The lines as they are drawn, at most `columns` wide. Never empty. */
export function drawnLines(text: string, columns: number): readonly DrawnLine[] {
  const lines: DrawnLine[] = [];
  let start = 0;
  for (const [index, line] of text.split('\n').entries()) {
    for (const [part, length] of partsOf(line, columns).entries()) {
      lines.push({ start, end: start + length, number: index + 1, continued: part > 0 });
      start += length;
    }
    start += 1;
  }
  return lines;
}

/** On which of the drawn lines the cursor stands: at the edge between two parts of one line, on the second. */
export function lineOf(lines: readonly DrawnLine[], cursor: number): number {
  return lines.findLastIndex(({ start }) => start <= cursor);
}

function changed(state: EditedText, next: Moment, joins = false): EditedText {
  if (next.text === state.text) return { ...state, ...momentOf(next), column: undefined };
  const past = joins && state.typing ? state.past : [momentOf(state), ...state.past].slice(0, mostSteps);
  return { ...momentOf(next), column: undefined, past, future: [], typing: joins };
}

function momentOf({ text, cursor }: Moment): Moment {
  return { text, cursor };
}

function placeOf(state: EditedText, move: Exclude<TextMove, 'up' | 'down'>): number {
  const { text, cursor } = state;
  switch (move) {
    case 'left':
      return moveCursor(state, -1).cursor;
    case 'right':
      return moveCursor(state, 1).cursor;
    case 'word-left':
      return deleteWordBefore(state).cursor;
    case 'word-right':
      return cursor + (/^\s*\S+/.exec(text.slice(cursor))?.[0].length ?? text.length - cursor);
    case 'line-start':
      return text.lastIndexOf('\n', cursor - 1) + 1;
    case 'line-end': {
      const end = text.indexOf('\n', cursor);
      return end < 0 ? text.length : end;
    }
    case 'start':
      return 0;
    case 'end':
      return text.length;
  }
}

function moveLine(state: EditedText, by: 1 | -1, columns: number): EditedText {
  const lines = drawnLines(state.text, columns);
  const at = lineOf(lines, state.cursor);
  const line = lines[at];
  const target = lines[at + by];
  if (line === undefined) return state;
  // Beyond the first and last line there is only their end.
  if (target === undefined)
    return { ...state, cursor: by < 0 ? 0 : state.text.length, column: undefined, typing: false };
  const column = state.column ?? width(state.text.slice(line.start, state.cursor));
  const reached = takeColumns(state.text.slice(target.start, target.end), column);
  // The place behind the last sign of a part is the first place of the next one.
  const goesOn = lines[at + by + 1]?.continued === true && reached === target.end - target.start;
  return { ...state, cursor: target.start + (goesOn ? Math.max(0, reached - 1) : reached), column, typing: false };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many UTF-16 units of a line fit into so many columns. */
function takeColumns(line: string, columns: number): number {
  if (/^[\x20-\x7e]*$/.test(line)) return Math.min(line.length, columns);
  let used = 0;
  for (const { segment, index } of graphemes.segment(line)) {
    used += width(segment);
    if (used > columns) return index;
  }
  return line.length;
}

function partsOf(line: string, columns: number): readonly number[] {
  const parts: number[] = [];
  let rest = line;
  while (width(rest) > columns) {
    const fits = Math.max(1, takeColumns(rest, columns));
    // Broken behind a blank where there is one in the last third; words are easier to read whole.
    const blank = rest.lastIndexOf(' ', fits - 1) + 1;
    const length = blank > (fits * 2) / 3 ? blank : fits;
    parts.push(length);
    rest = rest.slice(length);
  }
  parts.push(rest.length);
  return parts;
}
