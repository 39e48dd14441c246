import { Box } from 'ink';
import { useRef } from 'react';
import { cutEnd, width as widthOf } from '../text.ts';
import { type DrawnLine, drawnLines, type EditedText, lineOf } from '../text-editor.ts';
import { type Glyphs, type Span, type Tone, useTheme } from '../theme.ts';
import { Line } from './Line.tsx';

/** How a part of the text is drawn; offsets of the text. In order, without overlaps. */
export type Painted = Readonly<{ start: number; length: number; tone: Tone }>;
/** A place of the text where something is wrong. */
export type Problem = Readonly<{
  start: number;
  length: number;
  severity: 'error' | 'warning' | 'suggestion';
  message: string;
}>;
/** What could stand at the cursor; `chosen` is taken by tab. */
export type Offered = Readonly<{
  choices: readonly Readonly<{ text: string; kind: string }>[];
  chosen: number;
  start: number;
}>;

export type EditorProps = Readonly<{
  state: EditedText;
  painted: readonly Painted[];
  problems: readonly Problem[];
  offered: Offered | undefined;
  /** Said where problems are, while there are none: what the editor waits for. */
  note?: string;
  /** Keys come here: the cursor is drawn. */
  active: boolean;
  width: number;
  height: number;
}>;

/** Line number or sign of a problem, and a blank. */
const gutter = 4;
/** Choices seen at once. */
const mostChoices = 6;

/** Columns a line of the text has, for moves by what one sees. */
export function editorColumns(width: number): number {
  return Math.max(8, width - gutter - 1);
}

/** A text being edited: numbered lines, its parts in their tones, what is wrong with it below, and what could stand at the cursor. */
export function Editor({ state, painted, problems, offered, note = '', active, width, height }: EditorProps) {
  const theme = useTheme();
  const lines = drawnLines(state.text, editorColumns(width));
  const at = lineOf(lines, state.cursor);
  const problem = nearest(problems, state.cursor);
  // What is wrong stands on the last line; the text scrolls above it.
  const room = Math.max(1, height - ((problem === undefined && note === '') || height < 2 ? 0 : 1));
  const first = useRef(0);
  first.current = Math.max(0, Math.min(first.current, at, lines.length - room), at - room + 1);
  const shown = lines.slice(first.current, first.current + room);
  const rows: (readonly Span[])[] = shown.map((line, index) => [
    numberOf(line, problems, theme.glyphs),
    ...lineSpans(state, line, painted, problems, active && first.current + index === at),
  ]);
  while (rows.length < room) rows.push([]);
  if (active && offered !== undefined) layChoices(rows, offered, lines, at - first.current, theme.glyphs);
  if (problem !== undefined && height >= 2)
    rows.push(problemLine(problem, state.text, problems.length, width, theme.glyphs));
  else if (note !== '' && height >= 2) rows.push([{ text: ` ${note}`, tone: 'dim' }]);
  return (
    <Box flexDirection="column" width={width} height={height}>
      {rows.map((spans, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the screen is what is drawn anew
        <Line key={index} spans={spans} width={width} />
      ))}
    </Box>
  );
}

/** The problem under the cursor, or else the first one. */
function nearest(problems: readonly Problem[], cursor: number): Problem | undefined {
  const under = problems.find(({ start, length }) => start <= cursor && cursor <= start + Math.max(1, length));
  return under ?? problems.find(({ severity }) => severity === 'error') ?? problems[0];
}

function numberOf(line: DrawnLine, problems: readonly Problem[], glyphs: Glyphs): Span {
  const bad = problems.filter(
    ({ start, length }) => start <= line.end && start + length >= line.start && start >= line.start,
  );
  const worst = bad.find(({ severity }) => severity === 'error') ?? bad[0];
  const number = line.continued ? '  ' : String(line.number).padStart(2);
  if (worst !== undefined) return { text: `${signOf(worst, glyphs)}${number} `, tone: toneOf(worst) };
  return { text: ` ${number} `, tone: 'dim' };
}

function signOf({ severity }: Problem, glyphs: Glyphs): string {
  return severity === 'error' ? glyphs.error : severity === 'warning' ? glyphs.warning : glyphs.about;
}

function toneOf({ severity }: Problem): Tone {
  return severity === 'error' ? 'error' : severity === 'warning' ? 'warning' : 'dim';
}

/** The parts of one drawn line. What is wrong is told by the sign in front and the sentence below; here it also stands out. */
function lineSpans(
  { text, cursor }: EditedText,
  line: DrawnLine,
  painted: readonly Painted[],
  problems: readonly Problem[],
  hasCursor: boolean,
): readonly Span[] {
  const bad = problems.filter(({ severity }) => severity !== 'suggestion');
  const edges = new Set([line.start, line.end]);
  for (const { start, length } of [...painted, ...bad]) {
    for (const edge of [start, start + length]) if (edge > line.start && edge < line.end) edges.add(edge);
  }
  const cursorEnd = cursor + (nextCharacter(text, cursor)?.length ?? 1);
  if (hasCursor) for (const edge of [cursor, cursorEnd]) if (edge > line.start && edge < line.end) edges.add(edge);
  const places = [...edges].sort((a, b) => a - b);
  const spans = places.slice(0, -1).map((start, index): Span => {
    const wrong = bad.find((one) => one.start <= start && start < one.start + one.length);
    const part = painted.find((one) => one.start <= start && start < one.start + one.length);
    const tone = wrong ? toneOf(wrong) : part?.tone;
    return {
      text: text.slice(start, places[index + 1]),
      ...(tone !== undefined && { tone }),
      ...(wrong && { bold: true }),
      ...(hasCursor && start === cursor && { inverse: true }),
    };
  });
  return hasCursor && cursor >= line.end ? [...spans, { text: ' ', inverse: true }] : spans;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function nextCharacter(text: string, cursor: number): string | undefined {
  for (const { segment } of graphemes.segment(text.slice(cursor, cursor + 16))) return segment;
  return undefined;
}

/** Over the lines below the cursor, or above it where there are more; as far in as the word that is being typed. */
function layChoices(
  rows: (readonly Span[])[],
  { choices, chosen, start }: Offered,
  lines: readonly DrawnLine[],
  at: number,
  glyphs: Glyphs,
): void {
  const below = rows.length - at - 1;
  const count = Math.min(choices.length, mostChoices, Math.max(below, at));
  if (count === 0) return;
  const from = count <= below ? at + 1 : at - count;
  const top = Math.max(0, Math.min(choices.length - count, chosen - count + 1));
  const line = lines[lineOf(lines, start)];
  const widest = Math.max(...choices.slice(top, top + count).map((one) => widthOf(one.text)));
  const indent = Math.max(0, gutter - 2 + (line === undefined ? 0 : start - line.start));
  for (const [index, { text, kind }] of choices.slice(top, top + count).entries()) {
    const isChosen = top + index === chosen;
    const rest = index === count - 1 && choices.length > count ? `  ${top + count} of ${choices.length}` : '';
    rows[from + index] = [
      { text: ' '.repeat(indent) },
      {
        text: `${isChosen ? glyphs.cursor : ' '} ${text.padEnd(widest)} `,
        ...(isChosen && { inverse: true }),
      },
      { text: ` ${kind}${rest}`, tone: 'dim' },
    ];
  }
}

/** `✖ 2:14 The name 'PodNam' does not refer to …  1 more`. */
function problemLine(problem: Problem, text: string, count: number, width: number, glyphs: Glyphs): readonly Span[] {
  const before = text.slice(0, problem.start);
  const line = before.split('\n').length;
  const column = problem.start - before.lastIndexOf('\n');
  const more = count > 1 ? `  ${count - 1} more` : '';
  const place = ` ${signOf(problem, glyphs)} ${line}:${column} `;
  const room = Math.max(1, width - widthOf(place) - widthOf(more) - 1);
  return [
    { text: place, tone: toneOf(problem) },
    { text: cutEnd(problem.message, room, glyphs.ellipsis) },
    { text: more, tone: 'dim' },
  ];
}
