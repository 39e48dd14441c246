import type { KqlType } from '../database.ts';
import { lacking } from '../kql-error.ts';
import type { Expression, Row } from '../rows.ts';
import { conversion } from '../values/convert.ts';
import { isArray } from '../values/json.ts';
import { comparer, keyOf } from '../values/order.ts';
import { type Dynamic, isNumber, nothing, type Value } from '../values/value.ts';

type Sign = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Between two nulls the answer is null; `==` with one null is false, `!=` true, everything else null. */
export function comparison(sign: Sign) {
  return (left: Expression, right: Expression): Expression => {
    const [a, b, type] = alike(left, right, sign);
    const holds = test(sign, type);
    const oneNull = sign === '==' ? false : sign === '!=' ? true : null;
    const run = (row: Row) => {
      const x = a(row);
      const y = b(row);
      if (x === null || y === null) return x === y ? null : oneNull;
      return holds(x, y);
    };
    return { type: 'bool', run, constant: left.constant && right.constant };
  };
}

export function between(value: Expression, from: Expression, to: Expression, not: boolean): Expression {
  // `t between (start .. 1h)`: the second is a length.
  const end: Expression =
    value.type === 'datetime' && to.type === 'timespan'
      ? {
          type: 'datetime',
          run: (row) => lift(from.run(row), to.run(row), (a, b) => (a as bigint) + (b as bigint)),
          constant: from.constant && to.constant,
        }
      : to;
  const both = logical('and')(comparison('>=')(value, from), comparison('<=')(value, end));
  return not ? negation(both) : both;
}

export function logical(word: 'and' | 'or') {
  const decides = word === 'or';
  return (left: Expression, right: Expression): Expression => {
    const [a, b] = [boolean(left), boolean(right)];
    const run = (row: Row) => {
      const x = a(row);
      if (x === decides) return decides;
      const y = b(row);
      if (y === decides) return decides;
      return x === null || y === null ? null : !decides;
    };
    return { type: 'bool', run, constant: left.constant && right.constant };
  };
}

export function negation(expression: Expression): Expression {
  const value = boolean(expression);
  return { type: 'bool', run: (row) => lift(value(row), true, (x) => !x), constant: expression.constant };
}

/** `in`: values and arrays of values; `~` without regard to case. A null is in no list. */
export function membership(caseless: boolean, not: boolean) {
  return (left: Expression, list: readonly Expression[]): Expression => {
    const fold = (value: Value) => (caseless && typeof value === 'string' ? value.toLowerCase() : value);
    const key = keyOf(left.type);
    const whole = list.every((element) => element.constant);
    const known = whole ? setOf(list, left.type, [], fold) : undefined;
    const run = (row: Row) => {
      const value = left.run(row);
      const found = value !== null && (known ?? setOf(list, left.type, row, fold)).has(key(fold(value)));
      return found !== not;
    };
    return { type: 'bool', run, constant: left.constant && whole };
  };
}

function setOf(list: readonly Expression[], type: KqlType, row: Row, fold: (value: Value) => Value) {
  const key = keyOf(type);
  const set = new Set<unknown>();
  for (const element of list) {
    const value = element.run(row);
    const convert = conversion(element.type, type);
    const each = element.type === 'dynamic' && isArray(value) ? value : [value];
    for (const one of each) {
      const own = convert?.(one) ?? nothing(type);
      if (own !== null) set.add(key(fold(own)));
    }
  }
  return set;
}

// Two closures that give values of one type, and that type.
function alike(left: Expression, right: Expression, sign: Sign): [Expression['run'], Expression['run'], KqlType] {
  const type = commonType(left.type, right.type);
  const [a, b] = [comparable(left, type), comparable(right, type)];
  if (!a || !b) throw lacking(`operator '${sign}' between ${left.type} and ${right.type}`);
  return [a, b, type];
}

function commonType(a: KqlType, b: KqlType): KqlType {
  if (a === b) return a;
  if (a === 'dynamic') return b;
  if (b === 'dynamic') return a;
  if (isNumber(a) && isNumber(b))
    return a === 'decimal' || b === 'decimal' ? 'decimal' : a === 'real' || b === 'real' ? 'real' : 'long';
  return a === 'string' ? b : a;
}

function comparable(expression: Expression, type: KqlType): Expression['run'] | undefined {
  const { run } = expression;
  if (
    expression.type === type ||
    (isNumber(type) && type !== 'decimal' && isNumber(expression.type) && expression.type !== 'decimal')
  )
    return run;
  const convert = conversion(expression.type, type);
  if (!convert) return undefined;
  if (expression.type === 'dynamic' && isNumber(type)) return (row) => strictNumber(run(row) as Dynamic, convert);
  return (row) => convert(run(row));
}

// Within dynamic the text "80" is no number: only what JSON has as number compares as one.
const strictNumber = (value: Dynamic, convert: (value: Value) => Value): Value =>
  typeof value === 'number' ? value : typeof value === 'bigint' ? convert(value) : null;

function test(sign: Sign, type: KqlType): (a: Value, b: Value) => boolean {
  if (sign === '==' || sign === '!=') {
    const key = keyOf(type);
    const simple = type !== 'dynamic' && type !== 'decimal';
    if (sign === '==') return simple ? (a, b) => a === b : (a, b) => key(a) === key(b);
    return simple ? (a, b) => a !== b : (a, b) => key(a) !== key(b);
  }
  if (type !== 'dynamic' && type !== 'decimal') return orders[sign] as (a: Value, b: Value) => boolean;
  const compare = comparer(type);
  return (a, b) => (orders[sign] as (a: number, b: number) => boolean)(compare(a, b), 0);
}

const orders = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
};

function boolean(expression: Expression): Expression['run'] {
  const { run, type } = expression;
  const convert = conversion(type, 'bool');
  if (type === 'bool') return run;
  if (!convert) throw lacking(`a ${type} as a condition`);
  return (row) => convert(run(row));
}

const lift = (a: Value, b: Value, then: (a: Value, b: Value) => Value): Value =>
  a === null || b === null ? null : then(a, b);
