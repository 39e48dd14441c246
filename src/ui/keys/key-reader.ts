import { StringDecoder } from 'node:string_decoder';
import type { Input } from '../device.ts';
import { lone, readPiece } from './key-grammar.ts';

/** What the reader tells: what was typed or pasted, and the terminal's answers to our questions. */
export type Told =
  | Input
  | Readonly<{ kind: 'position'; row: number; column: number }>
  | Readonly<{ kind: 'mode'; mode: number; setting: number }>;

export type KeyReader = {
  /** One read's worth of bytes. */
  feed(bytes: Uint8Array): void;
  close(): void;
};

/** A sequence torn apart on its way continues within this time, in milliseconds; else ESC was a key. */
const tornApart = 50;
/** Only a long paste comes in pieces, and they follow each other within this time, in milliseconds. */
const pasteGap = 100;
const longPaste = 256;
/** More than this is not kept of one paste; the bottom line is no place for it. */
const pasteLimit = 1 << 20;
const pasteEnd = '\x1b[201~';

/**
 * The only reader of keys. Takes reads apart into keys wherever they were cut or merged, and keeps what was pasted apart
 * from what was typed, also where the terminal does not say which is which.
 */
export function createKeyReader(tell: (told: Told) => void): KeyReader {
  const decoder = new StringDecoder('utf8');
  let held = '';
  let pasted: string | undefined;
  let pastedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const take = (): boolean => {
    if (pasted !== undefined) return takePaste();
    const run = /^[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f]+/.exec(held)?.[0] ?? '';
    const continued = performance.now() - pastedAt < pasteGap && /[^\r\n]/.test(run);
    if (continued || isPaste(run)) {
      if (run.length >= longPaste || continued) pastedAt = performance.now();
      held = held.slice(run.length);
      const text = withoutBreaks(run);
      tell({ kind: 'paste', text, enter: !continued && text !== run && !/[\r\n]/.test(text) });
      return true;
    }
    const piece = readPiece(held);
    if (piece.kind === 'pending') return false;
    held = held.slice(piece.length);
    if (piece.kind === 'paste-start') pasted = '';
    else if (piece.kind === 'key' && piece.key.name !== 'none') tell({ kind: 'key', key: piece.key });
    else if (piece.kind === 'position' || piece.kind === 'mode') tell(piece);
    return true;
  };

  const takePaste = (): boolean => {
    const end = held.indexOf(pasteEnd);
    // The end may be torn apart too.
    const safe = end >= 0 ? end : Math.max(0, held.length - pasteEnd.length + 1);
    pasted = `${pasted}${held.slice(0, safe)}`.slice(0, pasteLimit);
    held = held.slice(safe);
    if (end < 0) return false;
    held = held.slice(pasteEnd.length);
    tell({ kind: 'paste', text: pasted });
    pasted = undefined;
    return true;
  };

  const drain = () => {
    while (held !== '' && take());
  };

  /** Nothing more came: what looked like a beginning was whole. */
  const giveUp = () => {
    if (pasted !== undefined) {
      // A terminal that never ends its paste must not take the keyboard away.
      tell({ kind: 'paste', text: pasted + held });
      pasted = undefined;
      held = '';
      return;
    }
    if (held !== '' && lone.kind === 'key') {
      held = held.slice(1);
      tell({ kind: 'key', key: lone.key });
    }
    // What follows is plain keys: `ESC [` that went no further is esc and `[`.
    for (const character of held) tell({ kind: 'key', key: { name: character, text: character } });
    held = '';
  };

  return {
    feed(bytes) {
      clearTimeout(timer);
      held += decoder.write(Buffer.from(bytes));
      drain();
      if (held !== '' || pasted !== undefined)
        timer = setTimeout(giveUp, pasted === undefined ? tornApart : 20 * tornApart);
    },
    close() {
      clearTimeout(timer);
    },
  };
}

/**
 * Whether a run of characters read at once was pasted rather than typed. Keys merge when the line stands still, so it
 * takes eight characters of four kinds; after `:` or `/`, perhaps with a pane's number before it, they are what is typed
 * into that prompt, up to its end.
 */
function isPaste(run: string): boolean {
  const text = withoutBreaks(run);
  if (text.length < 8 || new Set(text).size < 4) return false;
  return !/^[^a-zA-Z]{0,2}[:/]/.test(text) || /[\r\n]/.test(text);
}

/** By hand: a pattern tries every beginning of a long row of line breaks that something follows. */
function withoutBreaks(run: string): string {
  let end = run.length;
  while (run[end - 1] === '\r' || run[end - 1] === '\n') end -= 1;
  return run.slice(0, end);
}
