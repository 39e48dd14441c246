/**
 * What our writer may say to a terminal, and nothing else: text without control or format characters, new lines, looks,
 * moves of the cursor, erasing, the modes we switch and the two questions we ask.
 */
const own = [
  // A terminal in raw mode may still make CR LF of every LF.
  /\r+\n/,
  /\x1b\[[\d;]*m/,
  /\x1b\[\d*C/,
  /\x1b\[(?:\d+(?:;\d+)?)?H/,
  /\x1b\[K/,
  /\x1b\[2J/,
  /\x1b\[\?(?:25|7|1049|2004|2026)h/,
  /\x1b\[\?(?:25|7|1049|2004|2026|1000|1004)l/,
  /\x1b\[6n/,
  /\x1b\[\?2026\$p/,
  // U+FFFD stands where somebody forgot to make text inert and the writer had to.
  /[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Variation_Selector}\ufffd]+/u,
];
const sequence = new RegExp(own.map(({ source }) => source).join('|'), 'uy');

/** What of these bytes is not ours, each with what stood before it; empty = all of it is. */
export function strangers(bytes: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    sequence.lastIndex = at;
    const [match] = sequence.exec(bytes) ?? [];
    if (match === undefined) {
      found.push(JSON.stringify(bytes.slice(Math.max(0, at - 60), at + 30)));
      at += 1;
    } else {
      at += match.length;
    }
  }
  return found;
}
