import { describe, expect, test, vi } from 'vitest';
import { createKeyReader, type Told } from '../../../src/ui/keys/key-reader.ts';

/** What is told of these reads, as short words: key names, `paste(…)`, `at 2,4`, `mode 2026=2`. */
function told(reads: readonly (string | Uint8Array)[], wait = 0): string[] {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const seen: string[] = [];
  const reader = createKeyReader((what) => seen.push(word(what)));
  for (const read of reads) {
    reader.feed(Buffer.from(read as string));
    if (wait > 0) vi.advanceTimersByTime(wait);
  }
  vi.advanceTimersByTime(5000);
  reader.close();
  vi.useRealTimers();
  return seen;
}

function word(what: Told): string {
  if (what.kind === 'key') return what.key.name;
  if (what.kind === 'paste') return `paste(${what.text})${what.enter ? '+enter' : ''}`;
  return what.kind === 'position' ? `at ${what.row},${what.column}` : `mode ${what.mode}=${what.setting}`;
}

describe('one read', () => {
  const table: [string, string, string[]][] = [
    ['merged letters', 'jjk', ['j', 'j', 'k']],
    ['capital letters and signs', 'GN:?-', ['G', 'N', ':', '?', '-']],
    ['space', ' ', ['space']],
    ['carriage return', '\r', ['enter']],
    ['line feed', '\n', ['enter']],
    ['both are one', '\r\n', ['enter']],
    ['tab', '\t', ['tab']],
    ['shift-tab', '\x1b[Z', ['shift-tab']],
    ['backspace of a PC', '\x7f', ['backspace']],
    ['backspace of a terminal', '\x08', ['backspace']],
    ['control letters', '\x04\x15\x03\x1a', ['ctrl-d', 'ctrl-u', 'ctrl-c', 'ctrl-z']],
    ['arrows', '\x1b[A\x1b[B\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
    ['arrows in application mode', '\x1bOA\x1bOB', ['up', 'down']],
    ['arrow with control', '\x1b[1;5A', ['ctrl-up']],
    ['pages', '\x1b[5~\x1b[6~', ['pgup', 'pgdn']],
    [
      'home and end, three dialects',
      '\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~',
      ['home', 'end', 'home', 'end', 'home', 'end'],
    ],
    ['delete', '\x1b[3~', ['delete']],
    ['function keys', '\x1bOP\x1b[15~\x1b[1;2R', ['f1', 'f5', 'shift-f3']],
    ['function key of the Linux console', '\x1b[[Aj', ['j']],
    ['kitty: letters, control, enter, escape', '\x1b[106u\x1b[100;5u\x1b[13u\x1b[27u', ['j', 'ctrl-d', 'enter', 'esc']],
    ['kitty: capital', '\x1b[103;2u', ['G']],
    ['kitty: a key let go is nothing', '\x1b[106;1:3u', []],
    ['modifyOtherKeys', '\x1b[27;5;100~', ['ctrl-d']],
    ['escape held back by tmux, then a letter', '\x1bj', ['esc', 'j']],
    ['escape, then an arrow', '\x1b\x1b[A', ['esc', 'up']],
    ['escape alone', '\x1b', ['esc']],
    ['escape and a bracket typed', '\x1b[', ['esc', '[']],
    ['escape and a capital O typed', '\x1bO', ['esc', 'O']],
    ['escape, bracket and a letter no terminal sends', '\x1b[j', ['esc', '[', 'j']],
    ['focus reports', '\x1b[I\x1b[Oj', ['j']],
    ['mouse, new form', '\x1b[<0;10;20M\x1b[<0;10;20mj', ['j']],
    ['mouse, old form', '\x1b[M !!j', ['j']],
    ['device attributes', '\x1b[?62;1;4c\x1b[>0;276;0cj', ['j']],
    ['a colour nobody asked for', '\x1b]11;rgb:0000/0000/0000\x07\x1b]11;rgb:ff/ff/ff\x1b\\j', ['j']],
    ['the terminal says where the cursor is', '\x1b[2;4R', ['at 2,4']],
    ['the terminal says what it can', '\x1b[?2026;2$y', ['mode 2026=2']],
    ['letters beyond ASCII', 'ä漢😀', ['ä', '漢', '😀']],
    ['C1 controls are no keys', '\u0090j', ['j']],
  ];
  for (const [name, bytes, keys] of table) {
    test(name, () => expect(told([bytes])).toEqual(keys));
  }
});

describe('torn apart', () => {
  const whole = 'j\x1b[A\x1bOB漢\x1b[1;5C\x1b[200~pasted\x1b[201~\x1b[106;5u\r';
  const expected = ['j', 'up', 'down', '漢', 'ctrl-right', 'paste(pasted)', 'ctrl-j', 'enter'];
  test('whole', () => expect(told([whole])).toEqual(expected));
  test('byte by byte', () =>
    expect(told([...Buffer.from(whole)].map((byte) => Uint8Array.of(byte)))).toEqual(expected));
  for (let cut = 1; cut < Buffer.from(whole).length; cut += 3) {
    test(`cut after ${cut} bytes`, () => {
      const bytes = Buffer.from(whole);
      expect(told([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected);
    });
  }
  test('escape and, a while later, a letter', () => expect(told(['\x1b', '[A'], 200)).toEqual(['esc', '[', 'A']));
});

const long = 'a long text '.repeat(30);

describe('paste', () => {
  const table: [string, string[], string[]][] = [
    ['marked', ['\x1b[200~kubectl get\npods\x1b[201~'], ['paste(kubectl get\npods)']],
    ['marked, short', ['\x1b[200~q\x1b[201~q'], ['paste(q)', 'q']],
    ['marked, with escape sequences inside', ['\x1b[200~a\x1b[Ab\x1b[201~'], ['paste(a\x1b[Ab)']],
    ['marked, over two reads', ['\x1b[200~one ', 'two\x1b[201~'], ['paste(one two)']],
    ['marked and never ended', ['\x1b[200~lost'], ['paste(lost)']],
    ['not marked', ['delete everything'], ['paste(delete everything)']],
    ['not marked, one line with its end', ['delete everything\n'], ['paste(delete everything)+enter']],
    ['not marked, several lines', ['one line\nq\nq\n'], ['paste(one line\nq\nq)']],
    ['not marked, long, over two reads', [long, 'qq'], [`paste(${long})`, 'paste(qq)']],
    ['keys soon after a short one are keys', ['some words', 'j'], ['paste(some words)', 'j']],
    ['an enter soon after is an enter', ['some words', '\r'], ['paste(some words)', 'enter']],
    ['a command typed while the line stood still', [':items\r'], [':', 'i', 't', 'e', 'm', 's', 'enter']],
    ['and after the number of a pane', ['2:items\r'], ['2', ':', 'i', 't', 'e', 'm', 's', 'enter']],
    ['held keys', ['jjjjjjjjjjjjjjjj'], Array<string>(16).fill('j')],
  ];
  for (const [name, reads, keys] of table) {
    test(name, () => expect(told(reads)).toEqual(keys));
  }
});

test('a hundred thousand line breaks are read in no time', () => {
  const started = performance.now();
  const seen = told([`text of ${'\n'.repeat(100_000)}a paste`]);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(seen).toHaveLength(1);
});
