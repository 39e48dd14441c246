import { describe, expect, test } from 'vitest';
import { sanitiseLine, sanitiseText } from '../../src/model/sanitise.ts';
import { fc } from '../fixtures/seeded.ts';

const lines: [what: string, raw: string, shown: string][] = [
  ['plain text stays', 'cilium-8x7k2', 'cilium-8x7k2'],
  ['accents, CJK and emoji stay', 'žluťoučký 日本語 😀', 'žluťoučký 日本語 😀'],
  ['colours go', '\x1b[31mred\x1b[0m', 'red'],
  ['colours in their 8-bit form go', '\x9b1;31mred', 'red'],
  ['cursor movement shows', 'a\x1b[2Jb', 'a^[[2Jb'],
  ['OSC 52 shows', '\x1b]52;c;ZXZpbA==\x07', '^[]52;c;ZXZpbA==^G'],
  ['OSC 8 with ST shows', '\x1b]8;;http://x\x1b\\y', '^[]8;;http://x^[\\y'],
  ['8-bit OSC shows', '\u009d0;title\u009c', '<U+009D>0;title<U+009C>'],
  ['DCS shows', '\x1bP+q544e\x1b\\', '^[P+q544e^[\\'],
  ['a lone escape shows', 'x\x1b', 'x^['],
  ['carriage return shows', 'good\rbad', 'good^Mbad'],
  ['line breaks are spaces', 'one\ntwo\r\nthree', 'one two three'],
  ['tabs are spaces', 'a\tb', 'a b'],
  ['NUL, backspace, DEL show', '\0\b\x7f', '^@^H^?'],
  ['bidi override shows', 'abc\u202edef', 'abc<U+202E>def'],
  ['bidi isolate shows', '\u2066x\u2069', '<U+2066>x<U+2069>'],
  ['zero width shows', 'pay\u200bment', 'pay<U+200B>ment'],
  ['byte order mark shows', '\ufeffx', '<U+FEFF>x'],
  ['line separator shows', 'a\u2028b\u2029c', 'a<U+2028>b<U+2029>c'],
  ['lone surrogates show', 'a\ud83d b\udc00', 'a<U+D83D> b<U+DC00>'],
  ['tag characters show', '\u{e0041}', '<U+E0041>'],
  ['private use shows', '\ue0b0', '<U+E0B0>'],
  ['unassigned shows', '\u0378', '<U+0378>'],
  ['variation selectors go', '\u26a0\ufe0f', '\u26a0'],
  ['piled marks are three', `e${'\u0301'.repeat(40)}x`, 'e\u0301\u0301\u0301x'],
  ['a leading mark shows', '\u0301x', '<U+0301>x'],
  ['blank letters show', 'a\u3164b', 'a<U+3164>b'],
];

describe('one line', () => {
  test.each(lines)('%s', (_, raw, shown) => expect(sanitiseLine(raw)).toBe(shown));

  test('says how much it cut', () => expect(sanitiseLine('x'.repeat(2_000), 10)).toBe(`${'x'.repeat(10)}…+1990`));
  test('does not cut through a character', () =>
    expect(sanitiseLine(`${'x'.repeat(9)}😀y`, 10)).toBe(`${'x'.repeat(9)}…+3`));
  test('stays bounded when what it shows grows', () =>
    expect(sanitiseLine('\u202e'.repeat(100), 20).length).toBeLessThan(32));
  test.each([
    [5, '5'],
    [true, 'true'],
    [null, ''],
    [undefined, ''],
    [{ toString: () => 'x' }, ''],
    [['a'], ''],
  ])('%j reads as %j', (value, shown) => expect(sanitiseLine(value)).toBe(shown));
});

describe('several lines', () => {
  test('keeps breaks and tabs', () => expect(sanitiseText('a\tb\nc\r\nd')).toBe('a\tb\nc\nd'));
  test('shows a lone carriage return', () => expect(sanitiseText('10%\r20%')).toBe('10%^M20%'));
  test('shows a mark that begins a line', () => expect(sanitiseText('a\n\u0301b')).toBe('a\n<U+0301>b'));
});

const control = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

test('whatever comes in, nothing that steers comes out, and a second time changes nothing', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
  );
  fc.assert(
    fc.property(anything, (raw) => {
      const line = sanitiseLine(raw);
      expect(line).not.toMatch(control);
      expect(sanitiseText(raw).replace(/[\n\t]/g, '')).not.toMatch(control);
      expect(sanitiseLine(line)).toBe(line);
    }),
    { numRuns: 500 },
  );
});
