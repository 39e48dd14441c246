import type { Key } from './binding.ts';

/** What one piece of terminal input is. `pending`: it may be the beginning of more; `nothing`: complete, and means nothing to us. */
export type Piece =
  | Readonly<{ kind: 'key'; key: Key; length: number }>
  | Readonly<{ kind: 'paste-start'; length: number }>
  | Readonly<{ kind: 'position'; row: number; column: number; length: number }>
  | Readonly<{ kind: 'mode'; mode: number; setting: number; length: number }>
  | Readonly<{ kind: 'nothing'; length: number }>
  | Readonly<{ kind: 'pending' }>;

const esc = '\x1b';

/** The first piece of `input`, which is not empty. */
export function readPiece(input: string): Piece {
  if (input[0] !== esc) return plainKey(input);
  switch (input[1]) {
    case undefined:
      return { kind: 'pending' };
    case '[':
      return controlSequence(input);
    case 'O':
      return singleShift(input);
    case ']':
    case 'P':
    case '_':
    case '^':
      return stringSequence(input);
    default:
      return lone;
  }
}

/** ESC by itself; whatever follows it is a key of its own. */
export const lone: Piece = { kind: 'key', key: { name: 'esc', text: '' }, length: 1 };

function plainKey(input: string): Piece {
  const character = String.fromCodePoint(input.codePointAt(0) as number);
  const code = character.charCodeAt(0);
  const key = (name: string, text = '', length = character.length): Piece => ({
    kind: 'key',
    key: { name, text },
    length,
  });
  if (input.startsWith('\r\n')) return key('enter', '', 2);
  if (character === '\r' || character === '\n') return key('enter');
  if (character === '\t') return key('tab');
  if (code === 0x7f || code === 0x08) return key('backspace');
  if (code === 0) return key('ctrl-space');
  if (code < 0x1b) return key(`ctrl-${String.fromCharCode(code + 0x60)}`);
  if (code < 0x20) return key(`ctrl-${String.fromCharCode(code + 0x40)}`);
  if (code >= 0x80 && code < 0xa0) return { kind: 'nothing', length: 1 };
  return key(character === ' ' ? 'space' : character, character);
}

const sequence = /^\x1b\[([<=>?]?)([\d;:]*)([ -/]*)([@-~])/;
const unfinished = /^\x1b\[[0-?]*[ -/]*$/;

function controlSequence(input: string): Piece {
  // The Linux console's first five function keys have a second bracket.
  if (input.startsWith('\x1b[[')) return input.length < 4 ? { kind: 'pending' } : { kind: 'nothing', length: 4 };
  const found = sequence.exec(input);
  if (found === null) return unfinished.test(input) ? { kind: 'pending' } : lone;
  const [all, mark, parameters, between, final] = found as unknown as [string, string, string, string, string];
  const { length } = all;
  const numbers = parameters.split(/[;:]/).map(Number);
  const [first = 0, second = 0] = numbers;
  if (mark === '?' && between === '$' && final === 'y') return { kind: 'mode', mode: first, setting: second, length };
  if (mark !== '' || between !== '') return { kind: 'nothing', length };
  // Mouse reports of the oldest form carry three bytes after the final one.
  if (final === 'M' && parameters === '')
    return input.length < 6 ? { kind: 'pending' } : { kind: 'nothing', length: 6 };
  // `R` is also F3 with a modifier, but then its first number is 1: we only ever ask about another row.
  if (final === 'R' && first > 1) return { kind: 'position', row: first, column: second, length };
  if (final === '~' && first === 200) return { kind: 'paste-start', length };
  const key = namedKey(final, numbers, parameters);
  if (key !== undefined) return { kind: 'key', key, length };
  // Nothing sends a sequence without numbers that we do not know: it is ESC, then `[` and a letter typed fast.
  return parameters === '' && !ignored.includes(final) ? lone : { kind: 'nothing', length };
}

/** Focus reports. */
const ignored = 'IO';

const letters: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};

const tildes: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pgup',
  6: 'pgdn',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

function namedKey(final: string, numbers: readonly number[], parameters: string): Key | undefined {
  const [first = 0, second = 1, third = 0] = numbers;
  if (final === 'Z') return { name: 'shift-tab', text: '' };
  if (final === 'u' && parameters !== '') return codedKey(first, numbers.length > 1 ? numbers : [first, 1]);
  if (final === '~' && first === 27) return codedKey(third, [third, second]);
  const name = final === '~' ? tildes[first] : letters[final];
  return name === undefined ? undefined : { name: modified(name, second), text: '' };
}

/** Keys told by their code point: kitty's protocol and xterm's modifyOtherKeys. Release events are nothing. */
function codedKey(code: number, [, modifier = 1, event = 1]: readonly number[]): Key | undefined {
  if (event === 3 || code === 0 || code > 0x10ffff) return { name: 'none', text: '' };
  const plain = plainKey(String.fromCodePoint(code));
  if (code === 27) return { name: modified('esc', modifier), text: '' };
  if (plain.kind !== 'key') return { name: 'none', text: '' };
  const { name, text } = plain.key;
  const bits = modifier - 1;
  if (text === '') return { name: modified(name, modifier), text };
  if ((bits & 6) !== 0) return { name: modified(name.toLowerCase(), (bits & 6) + 1), text: '' };
  const typed = (bits & 1) !== 0 ? text.toUpperCase() : text;
  return { name: typed === ' ' ? 'space' : typed, text: typed };
}

function modified(name: string, modifier: number): string {
  const bits = Math.max(0, modifier - 1);
  return `${bits & 4 ? 'ctrl-' : ''}${bits & 2 ? 'alt-' : ''}${bits & 1 ? 'shift-' : ''}${name}`;
}

function singleShift(input: string): Piece {
  if (input.length < 3) return { kind: 'pending' };
  const name = letters[input[2] as string];
  return name === undefined ? lone : { kind: 'key', key: { name, text: '' }, length: 3 };
}

/** OSC, DCS, APC and PM: answers we never asked for. Only whole ones; otherwise ESC was typed before that letter. */
function stringSequence(input: string): Piece {
  const found = /^\x1b[\]P_^][^\x07\x1b]*(?:\x07|\x1b\\)/.exec(input);
  return found === null ? lone : { kind: 'nothing', length: found[0].length };
}
