import stringWidth from 'string-width';

/** Columns the text takes in a terminal. */
export function width(text: string): number {
  return plainAscii.test(text) ? text.length : stringWidth(text);
}

const plainAscii = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cut at the end when it is too wide: `checkout-7d9…`. */
export function cutEnd(text: string, columns: number, ellipsis = '…'): string {
  if (width(text) <= columns) return text;
  if (columns <= 0) return '';
  if (columns === 1) return ellipsis;
  return take(text, columns - 1) + ellipsis;
}

/** Cut in the middle when it is too wide, because the ends of long names differ: `web-7d9…x2k4f`. */
export function cutMiddle(text: string, columns: number, ellipsis = '…'): string {
  if (width(text) <= columns) return text;
  if (columns <= 0) return '';
  if (columns === 1) return ellipsis;
  const tail = Math.floor((columns - 1) / 2);
  return take(text, columns - 1 - tail) + ellipsis + takeLast(text, tail);
}

/** Exactly `columns` wide: padded with blanks, or cut at the end. */
export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const missing = columns - width(text);
  if (missing < 0) return pad(cutEnd(text, columns), columns, align);
  const blanks = ' '.repeat(missing);
  return align === 'left' ? text + blanks : blanks + text;
}

/** A length of time as one short word: `42s 7m 3h 2d`. A negative one (clocks differ) reads `0s`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** A whole number with thousands apart: `100,000`. */
export function number(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** The text as lines of at most `columns`, broken at blanks where there are some. Never empty. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (let word of paragraph.split(/(?<=\s)/)) {
      if (width(line + word.trimEnd()) > columns && line !== '') {
        lines.push(line.trimEnd());
        line = '';
      }
      while (width(word.trimEnd()) > columns) {
        const head = take(word, Math.max(1, columns)) || word.slice(0, 1);
        lines.push(head);
        word = word.slice(head.length);
      }
      line += word;
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

/** The first characters that fit; a wide one at the edge is replaced by a blank so that the width is exact. */
function take(text: string, columns: number): string {
  if (plainAscii.test(text)) return text.slice(0, Math.max(0, columns));
  let used = 0;
  let taken = '';
  for (const { segment } of graphemes.segment(text)) {
    const size = width(segment);
    if (used + size > columns) return used < columns ? taken + ' '.repeat(columns - used) : taken;
    taken += segment;
    used += size;
  }
  return taken;
}

function takeLast(text: string, columns: number): string {
  if (plainAscii.test(text)) return columns <= 0 ? '' : text.slice(-columns);
  let used = 0;
  let taken = '';
  for (const { segment } of [...graphemes.segment(text)].reverse()) {
    const size = width(segment);
    if (used + size > columns) return ' '.repeat(columns - used) + taken;
    taken = segment + taken;
    used += size;
  }
  return taken;
}
