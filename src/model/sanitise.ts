/**
 * The one door for text from outside: what leaves here cannot steer a terminal, reorder a line or hide in it.
 * Colour sequences are dropped, everything else that is not plain text is made visible: `^[` for ESC, `<U+202E>` for a
 * bidi override (the notation of less).
 */

/** One line: line breaks and tabs become spaces. At most `limit` characters, then `…+1234` says how many were cut. */
export function sanitiseLine(value: unknown, limit = 1_024): string {
  if (typeof value !== 'string') return plain(value);
  if (value.length <= limit && PLAIN.test(value)) return value;
  return clean(value, limit, false);
}

/** Several lines: `\n` and `\t` stay, `\r\n` is `\n`. At most `limit` characters. */
export function sanitiseText(value: unknown, limit = 65_536): string {
  if (typeof value !== 'string') return plain(value);
  if (value.length <= limit && PLAIN.test(value)) return value;
  return clean(value, limit, true);
}

const PLAIN = /^[\x20-\x7e]*$/;
/** Select Graphic Rendition in both encodings: colours of logs, meaningless here. */
const COLOUR = /(?:\x1b\[|\x9b)[0-9;:]*m/g;
/** Controls, format (bidi, zero-width, tags), lone surrogates, private use, unassigned, separators; letters that are blank. */
const TROUBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|[\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5/gu;
/** Variation selectors change how wide a glyph is drawn, and terminals disagree: without them width is what it looks. */
const VARIATION = /\p{Variation_Selector}/gu;
const PILE = /(\p{M}{3})\p{M}+/gu;
/** A mark that begins a text would sit on whatever is drawn before it. */
const LEADING_MARKS = /(^|\n)(\p{M}+)/gu;

function clean(value: string, limit: number, multiline: boolean): string {
  const kept = cutAt(value, limit);
  let text = kept.replace(COLOUR, '').replace(/\r\n/g, '\n');
  if (!multiline) text = text.replace(/[\n\t]/g, ' ');
  text = text
    .replace(VARIATION, '')
    .replace(TROUBLE, (character) =>
      multiline && (character === '\n' || character === '\t') ? character : visible(character),
    )
    .replace(PILE, '$1')
    .replace(LEADING_MARKS, (_, start: string, marks: string) => start + [...marks].map(visible).join(''));
  const bounded = cutAt(text, limit);
  const lost = value.length - kept.length + (text.length - bounded.length);
  // join copies: a slice of a megabyte would keep the whole megabyte alive.
  return lost > 0 ? [bounded, '…+', String(lost)].join('') : text;
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** Never between the halves of a surrogate pair. */
function cutAt(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

/** Numbers and booleans turn up where text belongs; anything else says nothing. */
function plain(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
