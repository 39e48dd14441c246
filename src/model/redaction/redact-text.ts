import { type Turns, toItsEnd } from '../policies/turns.ts';
import { type Memory, REDACTED, withoutNamed } from './named-values.ts';
import { isHarmless, isSecretName } from './secret-name.ts';
import { SHAPES } from './secret-shapes.ts';

/**
 * The text without what looks like a secret: keys and certificates, tokens, passwords in addresses and connection
 * strings, signatures, and what stands under a secret's name; also where it is encoded as base64 or for an address.
 * Of a long text, such as a log, one rule after the other.
 */
export function* redactText(text: string, memory: Memory = noMemory): Turns<string> {
  if (text.length < shortest || PLAIN.test(text)) return text;
  return yield* redact(text, memory, 0);
}

const noMemory: Memory = { hear() {}, holds: () => false };

const shortest = 6;
/** Names, addresses and versions: nearly all strings of an object, and none of them holds a secret by itself. */
const PLAIN = /^(?!dapi|sk-|gl[a-z]{2,5}-|xox|hv[sb]\.|pypi-|hooks\.|[a-z0-9]{6}\.[a-z0-9]{16}$)[a-z0-9./-]{1,63}$/;
/** Encoded in something encoded in something: nobody goes further, and an attacker might. */
const deepest = 3;

function* redact(text: string, memory: Memory, depth: number): Turns<string> {
  const isLong = text.length > shortTurn;
  let rest = text;
  if (depth < deepest && QUOTED.test(rest)) rest = rest.replace(HTML, (run) => withoutEntities(run, memory, depth));
  for (const { found, put, hint } of SHAPES) {
    if (isLong) yield;
    if (hint.test(rest)) rest = rest.replace(found, put);
  }
  rest = yield* withoutNamed(rest, memory);
  if (isLong) yield;
  rest = rest.replace(FLAG, (whole, flag: string, between: string, value: string) => {
    const bare = value.replace(/^\\*["']|(?<!\\)\\*["']$/g, '');
    if (!isSecretName(flag) || isHarmless(bare, flag)) return whole;
    memory.hear(bare);
    return `${flag}${between}${REDACTED}`;
  });
  if (isLong) yield;
  rest = rest.replace(ELEMENT, (whole, begin: string, name: string, value: string) => {
    if (!isSecretName(name) || isHarmless(value, name)) return whole;
    memory.hear(value);
    return `${begin}${REDACTED}`;
  });
  if (depth === deepest) return rest;
  for (const { hint, run, decode } of WRITTEN)
    if (hint.test(rest)) rest = rest.replace(run, (one) => (hides(decode(one), memory, depth) ? REDACTED : one));
  return yield* withoutRuns(rest, memory, depth);
}

/** What is looked at before others get their turn: a text of so many characters, or so many runs of letters. */
const shortTurn = 65_536;
const runsInTurn = 1_000;

function* withoutRuns(text: string, memory: Memory, depth: number): Turns<string> {
  let kept = '';
  let done = 0;
  let runs = 0;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    runs += 1;
    if (runs % runsInTurn === 0) yield;
    if (!isRandom(run) && !hides(base64Decoded(run), memory, depth)) continue;
    kept += text.slice(done, index) + REDACTED;
    done = index + run.length;
  }
  return done === 0 ? text : kept + text.slice(done);
}

/** `--password hunter2`, `-token "a b"`, and as items of a list: of JSON, also within a text, and of YAML. */
const FLAG =
  /(?<![\w-])(-{1,2}[A-Za-z][\w.-]{1,60})(\\*["']\s*,\s*\\*["']|[ \t\r]{0,20}\n(?:\d{4}-\S{8,30}Z )?[ \t]{0,100}-[ \t]{1,20}|\\n\s*-\s+|[ \t]+)(\\*"[^"\\\n]*\\*"?|'[^'\n]*'?|[^\s"'\\,;-][^\s"'\\,;]*)/g;
const ELEMENT = /((?:<|&lt;|&#60;)([A-Za-z][\w:.-]{1,60})(?:>|&gt;|&#62;))([^<>&\n]+)(?=[<&])/g;
const RUN = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}={0,2}/g;

/** Other ways of writing the same letters: for an address, and within JSON. */
const WRITTEN: readonly { hint: RegExp; run: RegExp; decode(run: string): string }[] = [
  { hint: /%[0-9a-f]{2}/i, run: /(?<![^\s"<>])[^\s"<>]*%[0-9a-f]{2}[^\s"<>]*/gi, decode: percentDecoded },
  {
    hint: /\\u00[2-7][0-9a-f]/i,
    run: /(?<![^\s"'<>])[^\s"'<>]*\\u00[2-7][0-9a-f][^\s"'<>]*/gi,
    decode: (run) =>
      run.replace(/(?<!\\)\\+u(00[2-7][0-9a-f])/gi, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      ),
  },
];

/** Quotes as HTML writes them, and the text between two tags that holds some. */
const QUOTED = /&(?:quot|apos|#0?34|#0?39|#x22|#x27);/i;
const HTML = /(?<![^<>\n])[^<>\n]*&(?:quot|apos|#0?34|#0?39|#x22|#x27);[^<>\n]*/gi;

function withoutEntities(run: string, memory: Memory, depth: number): string {
  const decoded = run.replace(/&(?:quot|#0?34|#x22);/gi, '"').replace(/&(?:apos|#0?39|#x27);/gi, "'");
  const redacted = toItsEnd(redact(decoded, memory, depth + 1));
  return redacted === decoded ? run : redacted.replaceAll('"', '&#34;').replaceAll("'", '&#39;');
}

function hides(decoded: string | undefined, memory: Memory, depth: number): boolean {
  return decoded !== undefined && (memory.holds(decoded) || toItsEnd(redact(decoded, memory, depth + 1)) !== decoded);
}

/** What is no letter of UTF-8 once decoded stays as it is. */
function percentDecoded(run: string): string {
  return run.replace(/(?:%[0-9a-f]{2})+/gi, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'));
}

/** Undefined where it is no text once decoded; in UTF-16, as Windows encodes, every second byte of a text is 0. */
function base64Decoded(run: string): string | undefined {
  const decoded = Buffer.from(run, 'base64').toString('utf8').replaceAll('\0', '');
  return decoded.length >= shortest && TEXT.test(decoded) ? decoded : undefined;
}

const TEXT = /^[\t\r\n\x20-\x7e\u00a0-\u024f]+$/;

/** Long, and of all sorts of letters that take turns without the rhythm of words: keys are, names, paths and digests are not. */
function isRandom(run: string): boolean {
  const slashes = run.split('/');
  // Of base64 every 64th letter is one.
  if (slashes.length - 1 > run.length / 20) return slashes.some((part) => !part.includes('/') && isRandom(part));
  if (run.length < 40 || !/[a-z]/.test(run) || !/[A-Z]/.test(run) || !/\d/.test(run)) return false;
  let turns = 0;
  for (let at = 1; at < run.length; at++) if (sortOf(run.charCodeAt(at)) !== sortOf(run.charCodeAt(at - 1))) turns += 1;
  return turns > run.length * 0.4;
}

function sortOf(letter: number): number {
  if (letter >= 0x61) return 1;
  return letter >= 0x41 ? 2 : 3;
}
