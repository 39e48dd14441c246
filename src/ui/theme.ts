import { createContext, useContext } from 'react';

/** What a piece of text means; the theme decides how that looks. Never the only carrier of a meaning: a glyph or a word goes with it. */
export type Tone = 'plain' | 'ok' | 'warning' | 'error' | 'unknown' | 'progress' | 'accent' | 'strong' | 'dim';

export type Look = Readonly<{
  tone?: Tone;
  bold?: boolean;
  faint?: boolean;
  inverse?: boolean;
  struck?: boolean;
}>;

/** A piece of a line. The text is already inert (see model/sanitise); `width` counts its columns. */
export type Span = Look & Readonly<{ text: string }>;

/** The signs that are drawn; each one column wide. */
export type Glyphs = Readonly<{
  ok: string;
  warning: string;
  error: string;
  unknown: string;
  progress: string;
  /** A rule's dash, and the bar between two panes side by side. */
  rule: string;
  bar: string;
  /** In front of the row under the cursor, and of what hangs below a row. */
  cursor: string;
  branch: string;
  mark: string;
  gone: string;
  ellipsis: string;
  about: string;
  up: string;
  down: string;
  arrow: string;
  /** From empty to full. */
  levels: readonly string[];
  full: string;
  empty: string;
}>;

export type Theme = Readonly<{
  ascii: boolean;
  colour: boolean;
  glyphs: Glyphs;
  /** The text with the escape sequences of its look, ended. */
  paint(text: string, look: Look): string;
}>;

/** `colour: false` (NO_COLOR) keeps bold, reverse and faint: they are not colours, and selection is drawn with one. */
export function createTheme(options: { ascii: boolean; colour: boolean }): Theme {
  return {
    ...options,
    glyphs: options.ascii ? asciiGlyphs : unicodeGlyphs,
    paint(text, look) {
      const drawn = options.ascii ? text.replace(beyondAscii, (sign) => spelled[sign] ?? sign) : text;
      const codes = codesOf(look, options.colour);
      return codes === '' || text === '' ? drawn : `\x1b[${codes}m${drawn}\x1b[0m`;
    },
  };
}

const unicodeGlyphs: Glyphs = {
  ok: '●',
  warning: '▲',
  error: '✖',
  unknown: '○',
  progress: '◐',
  rule: '─',
  bar: '│',
  cursor: '▸',
  branch: '└',
  mark: '◆',
  gone: '−',
  ellipsis: '…',
  about: '≈',
  up: '↑',
  down: '↓',
  arrow: '→',
  levels: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  full: '█',
  empty: '░',
};

const asciiGlyphs: Glyphs = {
  ok: '=',
  warning: '!',
  error: 'X',
  unknown: '?',
  progress: '~',
  rule: '-',
  bar: '|',
  cursor: '>',
  branch: '`',
  mark: '*',
  gone: '-',
  ellipsis: '~',
  about: '~',
  up: '^',
  down: 'v',
  arrow: '>',
  levels: [' ', '.', '.', ':', ':', '-', '=', '*', '#'],
  full: '#',
  empty: '.',
};

/** Signs that stand in texts, each by one of ASCII's: what was written with them is as wide as before. */
const spelled: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(unicodeGlyphs).flatMap(([name, sign]) => pair(sign, asciiGlyphs[name as keyof Glyphs])),
  ),
  '·': '-',
  '–': '-',
  '—': '-',
  '’': "'",
  '“': '"',
  '”': '"',
  '×': 'x',
  '≤': '<',
  '≥': '>',
  '←': '<',
};

const beyondAscii = /[\u0080-\uffff]/g;

function pair(sign: Glyphs[keyof Glyphs], ascii: Glyphs[keyof Glyphs]): [string, string][] {
  return typeof sign === 'string' && typeof ascii === 'string' ? [[sign, ascii]] : [];
}

/** The terminal's own sixteen colours only: the user chose them to be readable on their background. */
const toneCodes: Record<Tone, { colour: string; other: string }> = {
  plain: { colour: '', other: '' },
  ok: { colour: '32', other: '' },
  warning: { colour: '33', other: '' },
  error: { colour: '31', other: '1' },
  unknown: { colour: '35', other: '' },
  progress: { colour: '36', other: '' },
  accent: { colour: '36', other: '' },
  strong: { colour: '', other: '1' },
  dim: { colour: '', other: '2' },
};

export const ThemeContext = createContext<Theme>(createTheme({ ascii: false, colour: true }));

export function useTheme(): Theme {
  return useContext(ThemeContext);
}

function codesOf(look: Look, colour: boolean): string {
  const codes: string[] = [];
  const tone = toneCodes[look.tone ?? 'plain'];
  if (tone.other !== '') codes.push(tone.other);
  if (look.bold) codes.push('1');
  if (look.faint) codes.push('2');
  if (look.inverse) codes.push('7');
  if (look.struck) codes.push('9');
  if (colour && tone.colour !== '') codes.push(tone.colour);
  return codes.join(';');
}
