/** What we tell the terminal when we take it: its other screen, no cursor, no wrapping at the edge, pastes marked as such. */
export const enter = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[m\x1b[H\x1b[2J';

/**
 * And when we give it back. GNU screen has no other screen unless told so: what we drew is wiped in any case. Ending
 * synchronised output, mouse and focus reports costs nothing where they never began.
 */
export const leave = '\x1b[?2026l\x1b[m\x1b[H\x1b[2J\x1b[?2004l\x1b[?1000l\x1b[?1004l\x1b[?7h\x1b[?25h\x1b[?1049l';

/** After another program had the terminal and may have died on it: the whole screen scrolls, keys are the plain ones. */
export const reclaim = '\x1b[r\x1b[?1l\x1b>\x1b[?1000l\x1b[?1004l';

/** The row on which we ask where the cursor is; never 1, because `CSI 1;2R` is also F3. */
const probeRow = 2;
const probed = '●▲✖';

/** Where the cursor is after three ambiguous signs (column 4 when they are narrow), and whether output can be synchronised. */
export function questions(options: { ambiguous: boolean; synchronised: boolean }): string {
  const width = options.ambiguous ? `\x1b[${probeRow};1H${probed}\x1b[6n\x1b[${probeRow};1H\x1b[K` : '';
  return width + (options.synchronised ? '\x1b[?2026$p' : '');
}

/** Longer texts are cut off by terminals that copy at all. */
const copyLimit = 74_994;

/** OSC 52 to the clipboard; inside tmux and GNU screen wrapped so that it comes through. undefined when too long. */
export function clipboard(text: string, env: NodeJS.ProcessEnv): string | undefined {
  const encoded = Buffer.from(text).toString('base64');
  if (encoded.length > copyLimit) return undefined;
  const plain = `\x1b]52;c;${encoded}\x07`;
  if (env.TMUX) return `${plain}\x1bPtmux;\x1b${plain}\x1b\\`;
  if (!env.TERM?.startsWith('screen')) return plain;
  // GNU screen passes a string on only up to 768 bytes at a time.
  const pieces = plain.match(/[\s\S]{1,700}/g) ?? [];
  return pieces.map((piece) => `\x1bP${piece}\x1b\\`).join('');
}

/** Whether it may be asked about synchronised output: some print what they do not know. */
export function canBeAsked(env: NodeJS.ProcessEnv): boolean {
  const term = env.TERM ?? '';
  return term !== '' && !/^(dumb|linux|vt\d|ansi)/.test(term) && (!term.startsWith('screen') || Boolean(env.TMUX));
}
