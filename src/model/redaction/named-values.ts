import type { Turns } from '../policies/turns.ts';
import { isHarmless, isReference, isSecretName, isSecretVariable } from './secret-name.ts';

/** Hears each secret that stood under a name, and knows whether a text holds one of those. */
export type Memory = { hear(secret: string): void; holds(text: string): boolean };

/** What stands in a secret's place. */
export const REDACTED = '[redacted]';

/**
 * The text without what stands under a secret's name: after a sign, in a list or a block below it, as each value of a map
 * that is called so, or as the `value` beside a `name`. Only that is passed over: anything else may hold another name.
 */
export function* withoutNamed(text: string, memory: Memory): Turns<string> {
  let kept = '';
  let done = 0;
  /** Up to where everything is a secret's, since what it stands in is called so. */
  let within = 0;
  /** Up to where a `value` is, since the `name` beside it is a secret's. */
  let beside = 0;
  let names = 0;
  for (const found of text.matchAll(NAMED)) {
    names += 1;
    if (names % namesInTurn === 0) yield;
    const [all, name = ''] = found;
    const start = found.index + all.length;
    if (found.index < done) continue;
    if (NAME.test(name)) {
      const called = bareOf(sticky(PLAIN_VALUE, text, start));
      beside = isSecretVariable(called) ? start + called.length + longestBeside : 0;
    }
    const isValue = start < beside && VALUE_NAME.test(name);
    if (isValue) beside = 0;
    const isInside = start < within && !isReference(name);
    if (!isSecretName(name) && !isValue && !isInside) continue;
    const many = sticky(MAP, text, start) || mapBelow(text, start, start < within);
    if (many !== '') {
      within = Math.max(within, start + many.length);
      continue;
    }
    const list = sticky(LIST, text, start) || sticky(LIST_BELOW, text, start);
    const given = list || sticky(VALUE, text, start);
    const put = list === '' ? insteadOf(given, name, memory) : insteadOfList(list, name, memory);
    if (put === undefined) continue;
    kept += text.slice(done, start) + put;
    done = start + given.length;
  }
  return done === 0 ? text : kept + text.slice(done);
}

/** Names that are looked at before others get their turn. */
const namesInTurn = 5_000;

/** What comes in the place of what was given under a name; undefined: it may stay. */
function insteadOf(given: string, name: string, memory: Memory): string | undefined {
  const bare = bareOf(given);
  if (isHarmless(bare, name)) return undefined;
  memory.hear(bare);
  return `${quoteOf(given)}${REDACTED}${quoteOf(given)}`;
}

function insteadOfList(given: string, name: string, memory: Memory): string | undefined {
  const items = [...given.replace(TIMES, '').matchAll(ITEM)].map(([item]) => item);
  const secrets = items.map(bareOf).filter((item) => !isHarmless(item, name));
  if (secrets.length === 0) return undefined;
  for (const secret of secrets) memory.hear(secret);
  const quote = quoteOf(items[0] ?? '');
  return given.startsWith('[')
    ? `[${quote}${REDACTED}${quote}]`
    : `${/^(\s|\\+n)*/.exec(given)?.[0] ?? ''}- ${REDACTED}`;
}

/** `name: value`, `name=value`, `"name": "value"`, with any number of backslashes before the quotes. */
const NAMED = /(?<![A-Za-z0-9_.-])([A-Za-z0-9_.-]{2,100})\\*["']?[ \t]{0,3}(?:[:=]>?|:=)[ \t]{0,4}/g;
const NAME = /^(name|key|header|headername|variable)$/i;
const VALUE_NAME = /^(value|val)$/i;
const longestBeside = 60;

/** A line's end and the rest of a line: as they are, with the time that a log puts before each, or within a text. */
const REAL = { end: String.raw`\r?\n(?:\d{4}-\d\d-\d\dT[\d:.]{8,18}Z )?`, line: String.raw`[^\n]*`, indent: 'real' };
const TOLD = {
  end: String.raw`\\+n`,
  line: String.raw`(?:(?!\\+n)(?:[^\n"\\]|\\+[^\\]?))*`,
  indent: 'told',
};
const BLOCK = [REAL, TOLD].map(
  ({ end, line, indent }) =>
    String.raw`[|>][+-]?\d?[ \t]*${end}(?<${indent}>[ \t]+)${line}(?:${end}\k<${indent}>${line})*`,
);

/** A block, a text quoted as it is or within another, or what goes up to its end. */
const VALUE = new RegExp(
  [
    ...BLOCK,
    String.raw`"(?:\\.|[^"\\])*"?`,
    String.raw`'(?:\\.|[^'\\])*'?`,
    String.raw`(?<quote>\\+["'])(?:(?!(?<!\\)\k<quote>)[^\n])*(?:\k<quote>)?`,
    String.raw`(?:[^\s"',;&}\])<>\\]|\\+u00[0-9a-fA-F]{2}|[}\])](?=[^\s"',;&}\])\\]))+(?:(?<=[:=])[ \t]{1,3}[^\s"',;]+)?`,
  ].join('|'),
  'y',
);
const PLAIN_VALUE = /\\*["']?[\w.-]{1,100}/y;
/** `["a", "b"]`, `[a b]`; what holds maps names its values itself. */
const LIST = /\[(?!redacted|left out)[^[\]{}]{1,20000}\]/y;
const LIST_BELOW = new RegExp(
  [REAL, TOLD].map(({ end, line }) => String.raw`(?:${end}[ \t]*- (?![\w.-]+:(?:\s|\\+n))${line})+`).join('|'),
  'y',
);
const ITEM = /(?<!\\)\\*"(?:\\.|[^"\\])*\\*"?|'[^']*'?|[^\s"',[\]\\]+/g;
/** A map with nothing but plain values, and one of YAML, by its indentation. */
const MAP = /\{[^{}]{1,20000}\}?/y;
const MAP_BELOW = new RegExp(
  [REAL, TOLD]
    .map(
      ({ end, line, indent }) => String.raw`${end}(?<${indent}>[ \t]+)[\w.-]+:${line}(?:${end}\k<${indent}>${line})*`,
    )
    .join('|'),
  'y',
);

/** Its first line, by which most are told to be none. */
const MAP_BEGINS = new RegExp(
  [REAL, TOLD].map(({ end, line }) => String.raw`${end}[ \t]+[\w.-]+:${line}`).join('|'),
  'y',
);

/**
 * Only what is indented deeper than the line of the name is below it. `isInside`: of a map whose end is known already the
 * first line is enough. All of it is read once for each map, not once for each name in it.
 */
function mapBelow(text: string, start: number, isInside: boolean): string {
  const found = sticky(MAP_BEGINS, text, start);
  if (found === '') return '';
  const isTold = found.startsWith('\\');
  const depth = /^(?:\r?\n|\\+n)([ \t]+)/.exec(found.replace(TIMES, ''))?.[1]?.length ?? 0;
  const lineAt = isTold ? text.lastIndexOf('\\n', start - 1) + 2 : text.lastIndexOf('\n', start - 1) + 1;
  const indent = /^[ \t-]*/.exec(text.slice(lineAt, start).replace(TIMES, ''))?.[0].length ?? 0;
  if (depth <= indent) return '';
  return isInside ? found : sticky(MAP_BELOW, text, start);
}

const TIMES = /(?<=^|\n)\d{4}-\d\d-\d\dT[\d:.]{8,18}Z /g;

function sticky(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  const found = pattern.exec(text)?.[0] ?? '';
  pattern.lastIndex = 0;
  return found;
}

function bareOf(value: string): string {
  return value
    .replace(/^([|>][+-]?\d?\s*)?\\*["']?/, '')
    .replace(/(?<!\\)\\*["']?$/, '')
    .trim();
}

function quoteOf(value: string): string {
  return /^\\*["']/.exec(value)?.[0] ?? '';
}
