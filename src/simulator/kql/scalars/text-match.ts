import { lacking } from '../kql-error.ts';
import type { Expression, Row } from '../rows.ts';
import { textOf } from '../values/convert.ts';
import { isArray } from '../values/json.ts';
import type { Value } from '../values/value.ts';
import { kqlRegex } from './kql-regex.ts';

type Test = (text: string) => boolean;

/** `has`, `contains`, `startswith`, `=~`, `matches regex` and their like by the kind of node; undefined for another. */
export function textMatch(kind: string): ((left: Expression, right: Expression) => Expression) | undefined {
  const name = kind
    .replace(/Expression$/, '')
    .replace(/^Not/, '')
    .replace(/^BangTilde$/, 'EqualTilde');
  const cased = name.endsWith('Cs') || name === 'MatchesRegex';
  const make = Object.hasOwn(tests, name.replace(/Cs$/, '')) ? tests[name.replace(/Cs$/, '')] : undefined;
  if (!make) return undefined;
  const not = kind.startsWith('Not') || kind.startsWith('BangTilde');
  return (left, right) => matched(left, right, (needle) => make(needle, cased), not);
}

/** `has_any` and `has_all`: terms as values and as arrays. */
export function anyTerm(how: 'any' | 'all') {
  return (left: Expression, list: readonly Expression[]): Expression => {
    if (!list.every((element) => element.constant))
      throw lacking(`operator 'has_${how}' with terms that differ by row`);
    const needles = list.flatMap((element) => {
      const value = element.run([]);
      return isArray(value) ? value.map(String) : [textOf(element.type)(value)];
    });
    const each = needles.map((needle) => term(needle, false));
    const text = textual(left);
    return {
      type: 'bool',
      run: (row) => (how === 'any' ? each.some((test) => test(text(row))) : each.every((test) => test(text(row)))),
      constant: left.constant,
    };
  };
}

const tests: Readonly<Record<string, (needle: string, cased: boolean) => Test>> = {
  Has: term,
  HasPrefix: (needle, cased) => within(needle, cased, true, false),
  HasSuffix: (needle, cased) => within(needle, cased, false, true),
  Contains: (needle, cased) => within(needle, cased, false, false),
  StartsWith: (needle, cased) => anchored(needle, cased, (text, start) => text.startsWith(start)),
  EndsWith: (needle, cased) => anchored(needle, cased, (text, end) => text.endsWith(end)),
  EqualTilde: (needle) => anchored(needle, false, (text, other) => text === other),
  MatchesRegex: (needle) => {
    const regex = kqlRegex(needle);
    return (text) => regex.test(text);
  },
};

function matched(left: Expression, right: Expression, make: (needle: string) => Test, not: boolean): Expression {
  const [text, needle] = [textual(left), textual(right)];
  const known = right.constant ? make(needle([])) : undefined;
  const run = (row: Row) => (known ?? make(needle(row)))(text(row)) !== not;
  return { type: 'bool', run, constant: left.constant && right.constant };
}

function textual({ type, run }: Expression): (row: Row) => string {
  if (type === 'string') return run as (row: Row) => string;
  const convert = textOf(type) as (value: Value) => string;
  return (row) => convert(run(row));
}

function anchored(needle: string, cased: boolean, test: (text: string, needle: string) => boolean): Test {
  if (cased) return (text) => test(text, needle);
  const lower = needle.toLowerCase();
  return (text) => test(text.toLowerCase(), lower);
}

/**
 * Terms are the longest runs of letters and digits; a needle is found where it neither begins nor ends within one. So
 * POLICY is a term of POLICY_DENIED, and "level=error" of `x level=error,` but not of `level=errors`.
 */
function term(needle: string, cased: boolean): Test {
  return within(needle, cased, true, true);
}

function within(needle: string, cased: boolean, fromTerm: boolean, toTerm: boolean): Test {
  const wanted = cased ? needle : needle.toLowerCase();
  const checkStart = fromTerm && alphanumeric(wanted.slice(0, 1));
  const checkEnd = toTerm && alphanumeric(wanted.slice(-1));
  return (text) => {
    const hay = cased ? text : text.toLowerCase();
    for (let at = hay.indexOf(wanted); at >= 0; at = hay.indexOf(wanted, at + 1)) {
      const starts = !checkStart || at === 0 || !alphanumeric(hay[at - 1] as string);
      const end = at + wanted.length;
      if (starts && (!checkEnd || end === hay.length || !alphanumeric(hay[end] as string))) return true;
      if (wanted === '') return false;
    }
    return false;
  };
}

const alphanumeric = (character: string) => /[\p{L}\p{N}]/u.test(character);
