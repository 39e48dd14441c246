import { isHarmless, isSecretName } from './secret-name.ts';

/** What stands in a secret's place. */
export const REDACTED = '[redacted]';

/**
 * The text without what looks like a secret: keys and certificates, tokens, passwords in addresses and connection
 * strings, signatures, and what stands under a secret's name; also where it is encoded as base64 or for an address.
 */
export function redactText(text: string, memory: Memory = noMemory): string {
  if (text.length < shortest || (PLAIN.test(text) && text.length !== bootstrapLength)) return text;
  return redact(text, memory, 0);
}

/** Hears each secret that stood under a name, and knows whether a text holds one of those. */
export type Memory = { hear(secret: string): void; holds(text: string): boolean };

const noMemory: Memory = { hear() {}, holds: () => false };

const shortest = 6;
/** Names, addresses and versions: nearly all strings of an object, and none of them holds a secret by itself. */
const PLAIN = /^[a-z0-9./-]{1,63}$/;
const bootstrapLength = 23;
const BOOTSTRAP = /(?<![a-z0-9.])[a-z0-9]{6}\.[a-z0-9]{16}(?![a-z0-9.])/;
/** Encoded in something encoded in something: nobody goes further, and an attacker might. */
const deepest = 3;

function redact(text: string, memory: Memory, depth: number): string {
  let rest = text;
  for (const { found, put, hint } of SHAPES) if (hint.test(rest)) rest = rest.replace(found, put);
  rest = withoutNamed(rest, memory);
  rest = rest.replace(FLAG, (whole, flag: string, between: string, value: string) => {
    if (!isSecretName(flag) || isHarmless(value)) return whole;
    memory.hear(value);
    return `${flag}${between}${REDACTED}`;
  });
  rest = rest.replace(ELEMENT, (whole, name: string, value: string) => {
    if (!isSecretName(name) || isHarmless(value)) return whole;
    memory.hear(value);
    return `<${name}>${REDACTED}<`;
  });
  if (depth === deepest) return rest;
  if (rest.includes('%'))
    rest = rest.replace(PERCENT, (run) => (hides(percentDecoded(run), memory, depth) ? REDACTED : run));
  return rest.replace(RUN, (run) => (isRandom(run) || hides(base64Decoded(run), memory, depth) ? REDACTED : run));
}

/** `hint`: what is cheap to look for and never absent where `found` matches. */
type Shape = { hint: RegExp; found: RegExp; put: string };

const SHAPES: readonly Shape[] = [
  // Also with line breaks written as \n, with a log's timestamps between its lines, or cut off before its end.
  {
    hint: /-----BEGIN/,
    found: /-----BEGIN ([^-\n]{1,60})-----[\s\S]{0,40000}?-----END \1-----/g,
    put: '[redacted: $1]',
  },
  { hint: /-----BEGIN/, found: /-----BEGIN ([^-\n]{1,60})-----[\s\S]{0,20000}/g, put: '[redacted: $1]' },
  {
    hint: /authorization|cookie/i,
    found: /\b(authorization|proxy-authorization|cookie|set-cookie)(\\*["']?\s*[:=]\s*\\*["']?)[^\r\n"'\\]{4,}/gi,
    put: `$1$2${REDACTED}`,
  },
  { hint: /eyJ/, found: /\beyJ[\w-]{6,}\.[\w-]{4,}(\.[\w-]*)*/g, put: REDACTED },
  {
    hint: /bearer|basic|negotiate|digest|sharedkey|sharedaccess/i,
    found:
      /\b(bearer|basic|negotiate|digest|sharedkey|sharedaccesssignature)(\s+|%20|\+)(?!auth|token|cred)[\w.~+/=:&%-]{8,}/gi,
    put: `$1$2${REDACTED}`,
  },
  // Up to the last @: a password may hold one that nobody encoded.
  {
    hint: /@/,
    found: /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s"'<>@/]{0,300}:[^\s"'<>]{0,500}@/gi,
    put: `$1${REDACTED}@`,
  },
  {
    hint: /@/,
    found: /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s"'<>/?#@]{1,500}@/gi,
    put: `$1${REDACTED}@`,
  },
  // A signature of shared access, as the last of many parameters or the first.
  {
    hint: /sig(nature)?(=|%3d)/i,
    found: /((?:[?&;,\s"']|^|\\u0026|&amp;|%26)sig(?:nature)?(?:=|%3d))[^\s"'&<>\\;,]+/gi,
    put: `$1${REDACTED}`,
  },
  { hint: BOOTSTRAP, found: new RegExp(BOOTSTRAP, 'g'), put: REDACTED },
  {
    hint: /gh[pousr]_|github_pat|glpat|xox|AKIA|ASIA|AIza|sk-|npm_|dapi|hvs\./,
    found:
      /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}|AIza[\w-]{30,}|sk-[\w-]{20,}|npm_[A-Za-z0-9]{30,}|dapi[0-9a-f]{32}|hvs\.[\w-]{20,})/g,
    put: REDACTED,
  },
  // Client secrets as Entra ID makes them.
  { hint: /\dQ~/, found: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{28,40}/g, put: REDACTED },
];

/** `name: value`, `name=value`, `"name": "value"`, with any number of backslashes before the quotes; a YAML block below its name. */
const NAMED = /(?<![A-Za-z0-9_.-])([A-Za-z0-9_.-]{2,100})\\*["']?\s{0,3}(?:[:=]>?|:=)\s{0,4}/g;
/** A block, a text quoted as it is or within another, or what goes up to its end. */
const VALUE =
  /[|>][+-]?[ \t]*\r?\n[ \t]+[^\n]+|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|(\\+["'])(?:(?!(?<!\\)\1)[^\n])*(?:\1)?|[^\s"',;&}\])<>\\]+(?:(?<=[:=])\s{1,3}[^\s"',;]+)?/;

/** Only what stands under a secret's name is passed over: anything else may hold another name. */
function withoutNamed(text: string, memory: Memory): string {
  let kept = '';
  let done = 0;
  const value = new RegExp(VALUE, 'y');
  for (const found of text.matchAll(NAMED)) {
    const [all, name = ''] = found;
    if (found.index < done || !isSecretName(name)) continue;
    value.lastIndex = found.index + all.length;
    const [given = ''] = value.exec(text) ?? [];
    const bare = unquoted(given);
    if (isHarmless(bare)) continue;
    memory.hear(bare);
    kept += `${text.slice(done, found.index + all.length)}${quoteOf(given)}${REDACTED}${quoteOf(given)}`;
    done = found.index + all.length + given.length;
  }
  return done === 0 ? text : kept + text.slice(done);
}

/** `--password hunter2`, `-token abc`. */
const FLAG = /(?<![\w-])(-{1,2}[A-Za-z][\w.-]{1,60})((?:\s|["'],\s*["'])+)([^\s"',;-][^\s"',;]*)/g;
const ELEMENT = /<([A-Za-z][\w:.-]{1,60})>([^<>\n]+)</g;
const PERCENT = /(?<![^\s"'<>])[^\s"'<>]*%[0-9a-f]{2}[^\s"'<>]*/gi;
const RUN = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}={0,2}/g;

function unquoted(value: string): string {
  return value.replace(/^([|>][+-]?\s*)?\\*["']?/, '').replace(/\\*["']?$/, '');
}

function quoteOf(value: string): string {
  return /^\\*["']/.exec(value)?.[0] ?? '';
}

function hides(decoded: string | undefined, memory: Memory, depth: number): boolean {
  return decoded !== undefined && (memory.holds(decoded) || redact(decoded, memory, depth + 1) !== decoded);
}

function percentDecoded(run: string): string | undefined {
  try {
    return decodeURIComponent(run);
  } catch {
    return undefined;
  }
}

/** Undefined where it is no text once decoded. */
function base64Decoded(run: string): string | undefined {
  const decoded = Buffer.from(run, 'base64').toString('latin1');
  return decoded.length >= shortest && /^[\t\r\n\x20-\x7e]+$/.test(decoded) ? decoded : undefined;
}

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
