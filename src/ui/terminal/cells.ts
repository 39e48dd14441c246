import stringWidth from 'string-width';
import { applySgr, type Style } from './style.ts';

/** One line of the screen, column by column. The right half of a wide character is ''. */
export type Cells = Readonly<{ characters: readonly string[]; styles: readonly Style[] }>;

/** Takes frames apart into cells, remembering the lines of the last frames: most lines of a frame are as they were. */
export type FrameReader = {
  /** Exactly `height` lines. The same line gives the same object as long as it was in one of the last two frames. */
  read(frame: string, width: number, height: number): readonly Cells[];
};

export function createFrameReader(): FrameReader {
  const restyle = createRestyle();
  let columns = -1;
  let older = new Map<string, Cells>();
  let newer = new Map<string, Cells>();
  const cells = (line: string): Cells => {
    const known = newer.get(line) ?? older.get(line) ?? cellsOf(line, columns, restyle);
    newer.set(line, known);
    return known;
  };
  return {
    read(frame, width, height) {
      older = width === columns ? newer : new Map();
      newer = new Map();
      columns = width;
      const lines = frame.split('\n');
      return Array.from({ length: height }, (_, row) => cells(lines[row] ?? ''));
    },
  };
}

type Restyle = (style: Style, parameters: string) => Style;

/** Frames repeat the same few changes of style thousands of times. */
function createRestyle(): Restyle {
  const known = new Map<string, Style>();
  return (style, parameters) => {
    const key = `${style}|${parameters}`;
    const next = known.get(key) ?? applySgr(style, parameters);
    if (known.size < 4096) known.set(key, next);
    return next;
  };
}

/**
 * A line of a frame as cells, cut to `columns`. Only SGR sequences are looks; any other control character is drawn as
 * U+FFFD: nothing that came from outside can reach the terminal as a command, whoever forgot to make it inert.
 */
export function cellsOf(line: string, columns: number, restyle: Restyle = applySgr): Cells {
  const characters: string[] = [];
  const styles: Style[] = [];
  let style: Style = '';
  const push = (character: string) => {
    characters.push(character);
    styles.push(style);
  };
  const put = (character: string, size: number) => {
    if (size === 0) return join(characters, character);
    if (characters.length + size > columns) return push(' ');
    push(character);
    if (size === 2) push('');
  };
  for (let at = 0; at < line.length && characters.length < columns; ) {
    sgr.lastIndex = at;
    text.lastIndex = at;
    const look = sgr.exec(line);
    const run = text.exec(line)?.[0] ?? '';
    if (look !== null) style = restyle(style, look[1] ?? '');
    else if (run === '') push('\ufffd');
    else putRun(run, put);
    at += look?.[0].length ?? Math.max(1, run.length);
  }
  if (characters.length > columns) characters.length = styles.length = columns;
  return { characters, styles };
}

function putRun(run: string, put: (character: string, size: number) => void): void {
  if (narrow.test(run)) {
    for (let index = 0; index < run.length; index += 1) put(run[index] as string, 1);
  } else {
    for (const { segment } of graphemes.segment(run)) put(segment, Math.min(2, sizeOf(segment)));
  }
}

/** A character without a column of its own belongs to the one before, which may be wide. */
function join(characters: string[], character: string): void {
  const before = characters.at(-1) === '' ? characters.length - 2 : characters.length - 1;
  if (before >= 0) characters[before] += character;
}

const sgr = /\x1b\[([\d;:]*)m/y;
const text = /[^\x00-\x1f\x7f-\x9f]+/y;
/** One column each and never joined: ASCII and the signs the theme draws with. */
const narrow = /^[\x20-\x7e\u2026\u2190-\u2193\u2212\u2248\u2500-\u25bf\u25c6\u25cb\u25cf\u25d0\u2716]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function sizeOf(segment: string): number {
  const code = segment.charCodeAt(0);
  return segment.length === 1 && code >= 0x20 && code < 0x7f ? 1 : stringWidth(segment);
}
