import { lacking } from '../kql-error.ts';
import type { Evaluate, Expression, Row } from '../rows.ts';
import { kqlRegex } from '../scalars/kql-regex.ts';
import { conversion } from '../values/convert.ts';
import { dynamicText, isArray } from '../values/json.ts';
import type { Value } from '../values/value.ts';
import { type Call, converted, type KqlFunction, ofAll, pure } from './kql-function.ts';

export const textFunctions: Readonly<Record<string, KqlFunction>> = {
  strlen: pure(['string'], (text) => [...text].length),
  string_size: pure(['string'], (text) => Buffer.byteLength(text)),
  strcat: ofAll('string', (texts) => texts.join('')),
  strcat_delim: ofAll('string', ([delimiter, ...texts]) => texts.join(delimiter as string)),
  strcat_array: pure(['dynamic', 'string'], (array, delimiter) =>
    isArray(array) ? array.map(dynamicText).join(delimiter) : '',
  ),
  strrep: pure(['string', 'long', 'string'], (text, times, delimiter = '') =>
    Array.from({ length: Number(times) }, () => text).join(delimiter),
  ),
  strcmp: pure(['string', 'string'], (a, b) => (a < b ? -1 : a > b ? 1 : 0)),
  substring: pure(['string', 'long', 'long'], (text, start, length) => {
    const from = Math.max(0, Number(start) < 0 ? text.length + Number(start) : Number(start));
    return text.slice(from, length === undefined || Number(length) < 0 ? undefined : from + Number(length));
  }),
  reverse: pure(['string'], (text) => [...text].reverse().join('')),
  indexof: pure(['string', 'string', 'long', 'long', 'long'], indexOf),
  countof: pure(['string', 'string', 'string'], (text, lookup, kind = 'normal') =>
    kind === 'regex' ? [...text.matchAll(kqlRegex(lookup, 'g'))].length : overlapping(text, lookup),
  ),
  split: pure(['string', 'string', 'long'], (text, delimiter, index) => {
    const parts = delimiter === '' ? [text] : text.split(delimiter);
    if (index === undefined) return parts;
    const part = parts[Number(index)];
    return part === undefined ? [] : [part];
  }),
  trim: trimmed(true, true),
  trim_start: trimmed(true, false),
  trim_end: trimmed(false, true),
  replace_string: pure(['string', 'string', 'string'], (text, lookup, by) =>
    lookup === '' ? text : text.replaceAll(lookup, by),
  ),
  replace_regex: replaceRegex(['text', 'pattern', 'by']),
  replace: replaceRegex(['pattern', 'by', 'text']),
  extract,
  extract_all: extractAll,
};

function indexOf(
  text: string,
  lookup: string,
  start: number | bigint = 0,
  length: number | bigint = -1,
  occurrence: number | bigint = 1,
): Value {
  const from = Number(start) < 0 ? Math.max(0, text.length + Number(start)) : Number(start);
  const end = Number(length) < 0 ? text.length : from + Number(length);
  let at = text.indexOf(lookup, from);
  for (let found = 1; at >= 0 && found < Number(occurrence); found++) at = text.indexOf(lookup, at + 1);
  return at >= 0 && at + lookup.length <= end ? at : -1;
}

function overlapping(text: string, lookup: string): number {
  let count = 0;
  for (let at = lookup === '' ? -1 : text.indexOf(lookup); at >= 0; at = text.indexOf(lookup, at + 1)) count++;
  return count;
}

// `extract(pattern, group, text)`: '' without a match; a fourth argument says the type.
function extract({ name, args, type }: Call): Evaluate {
  const [regex, group, text] = [
    regexOf(name, args[0] as Expression),
    converted(name, args[1] as Expression, 'long'),
    converted(name, args[2] as Expression, 'string'),
  ];
  const convert = conversion('string', type);
  if (!convert) throw lacking(`function '${name}' to ${type}`);
  return (row) => {
    const found = regex(row).exec(text(row) as string)?.[Number(group(row))];
    return found === undefined ? (type === 'string' ? '' : null) : convert(found);
  };
}

// With groups an array of arrays, with one group an array of texts.
function extractAll({ name, args }: Call): Evaluate {
  const regex = regexOf(name, args[0] as Expression, 'g');
  const picked = args.length > 2 ? converted(name, args[1] as Expression, 'dynamic') : undefined;
  const text = converted(name, args.at(-1) as Expression, 'string');
  return (row) => {
    const groups = picked?.(row);
    const found = [...(text(row) as string).matchAll(regex(row))].map((match) => {
      const wanted = isArray(groups)
        ? groups.map((group) => (typeof group === 'string' ? match.groups?.[group] : match[Number(group)]) ?? '')
        : match.slice(1).map((one) => one ?? '');
      return wanted.length > 1 ? wanted : (wanted[0] ?? match[0]);
    });
    return found.length > 0 ? found : null;
  };
}

function replaceRegex(order: readonly ('text' | 'pattern' | 'by')[]): KqlFunction {
  return ({ name, args }) => {
    const at = (what: 'text' | 'pattern' | 'by') => args[order.indexOf(what)] as Expression;
    const [text, by, regex] = [
      converted(name, at('text'), 'string'),
      converted(name, at('by'), 'string'),
      regexOf(name, at('pattern'), 'g'),
    ];
    // The service writes a group \1, and \0 is the whole match.
    return (row) =>
      (text(row) as string).replace(
        regex(row),
        (by(row) as string)
          .replaceAll('$', '$$$$')
          .replaceAll('\\0', '$$&')
          .replace(/\\(\d)/g, '$$$1'),
      );
  };
}

function trimmed(start: boolean, end: boolean): KqlFunction {
  return ({ name, args }) => {
    const pattern = args[0] as Expression;
    const wrapped = (before: string, after: string) =>
      regexOf(name, pattern, '', (source) => `${before}(?:${source})${after}`);
    const [atStart, atEnd] = [wrapped('^', ''), wrapped('', '$')];
    const text = converted(name, args[1] as Expression, 'string');
    return (row) => {
      const whole = text(row) as string;
      const rest = start ? whole.replace(atStart(row), '') : whole;
      return end ? rest.replace(atEnd(row), '') : rest;
    };
  };
}

// Read once where it is the same for all rows.
function regexOf(
  name: string,
  pattern: Expression,
  flags = '',
  wrap = (source: string) => source,
): (row: Row) => RegExp {
  const text = converted(name, pattern, 'string');
  if (!pattern.constant) return (row) => kqlRegex(wrap(text(row) as string), flags);
  const known = kqlRegex(wrap(text([]) as string), flags);
  return () => known;
}
