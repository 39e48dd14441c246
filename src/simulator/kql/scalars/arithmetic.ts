import type { KqlType } from '../database.ts';
import { lacking } from '../kql-error.ts';
import type { Expression } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import { conversion } from '../values/convert.ts';
import { addDecimals, divideDecimals, multiplyDecimals, negateDecimal } from '../values/decimals.ts';
import { add, divide, modulo, multiply, subtract } from '../values/integers.ts';
import { inCalendar, mod } from '../values/ticks.ts';
import type { Decimal, Integer, Value } from '../values/value.ts';
import { isInteger, isNumber } from '../values/value.ts';

export type Operation = '+' | '-' | '*' | '/' | '%';

/** null with null is null, and so is what cannot be computed (whole numbers by zero, a datetime beyond the calendar). */
export function arithmetic(operation: Operation) {
  return (left: Expression, right: Expression, node: SyntaxNode): Expression => {
    const type = node.type ?? 'dynamic';
    const [a, b] = alike(left, right, type);
    const compute = ways(operation, a.type, b.type);
    if (!compute) throw lacking(`operator '${operation}' between ${left.type} and ${right.type}`);
    const run = (row: readonly Value[]) => {
      const x = a.run(row);
      if (x === null) return null;
      const y = b.run(row);
      return y === null ? null : compute(x as never, y as never);
    };
    return { type, run, constant: left.constant && right.constant };
  };
}

export function negated(expression: Expression): Expression {
  const { type, run, constant } = expression;
  const negate = type === 'decimal' ? negateDecimal : isInteger(type) ? (value: Integer) => subtract(0, value) : minus;
  return { type, run: (row) => onValue(run(row), negate as (value: Value) => Value), constant };
}

type Compute = (a: never, b: never) => Value;
const minus = (value: number | bigint) => -(value as number);
const onValue = (value: Value, then: (value: Value) => Value) => (value === null ? null : then(value));

const integers: Record<Operation, Compute> = { '+': add, '-': subtract, '*': multiply, '/': divide, '%': modulo };
const reals: Record<Operation, Compute> = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => ((a % b) + Math.abs(b)) % b,
};
const decimals: Partial<Record<Operation, Compute>> = {
  '+': addDecimals,
  '-': (a: Decimal, b: Decimal) => addDecimals(a, negateDecimal(b)),
  '*': multiplyDecimals,
  '/': divideDecimals,
};

// Both as one type where the operation asks for it: numbers widen, dynamic becomes what the other is.
function alike(left: Expression, right: Expression, result: KqlType): readonly [Expression, Expression] {
  const a = left.type === 'dynamic' ? as(left, right.type === 'dynamic' ? 'real' : right.type) : left;
  const b = right.type === 'dynamic' ? as(right, left.type === 'dynamic' ? 'real' : left.type) : right;
  if (!isNumber(a.type) || !isNumber(b.type)) return [a, b];
  const wide = result === 'decimal' ? 'decimal' : isInteger(a.type) && isInteger(b.type) ? 'long' : 'real';
  return [as(a, wide), as(b, wide)];
}

function as(expression: Expression, type: KqlType): Expression {
  const convert = conversion(expression.type, type);
  if (expression.type === type || !convert) return expression;
  return { type, run: (row) => convert(expression.run(row)), constant: expression.constant };
}

function ways(operation: Operation, a: KqlType, b: KqlType): Compute | undefined {
  if (isInteger(a) && isInteger(b)) return integers[operation];
  if (a === 'decimal' && b === 'decimal') return decimals[operation];
  if (a === 'real' && b === 'real') return reals[operation];
  return times(operation, a, b);
}

function times(operation: Operation, a: KqlType, b: KqlType): Compute | undefined {
  const plus = (x: bigint, y: bigint) => x + y;
  const less = (x: bigint, y: bigint) => x - y;
  switch (`${a} ${operation} ${b}`) {
    case 'datetime - datetime':
    case 'timespan - timespan':
      return less;
    case 'timespan + timespan':
      return plus;
    case 'datetime + timespan':
    case 'timespan + datetime':
      return (x: bigint, y: bigint) => inCalendar(x + y);
    case 'datetime - timespan':
      return (x: bigint, y: bigint) => inCalendar(x - y);
    case 'timespan / timespan':
      return (x: bigint, y: bigint) => Number(x) / Number(y);
    case 'timespan % timespan':
    case 'datetime % timespan':
      return (x: bigint, y: bigint) => (y === 0n ? null : mod(x, y < 0n ? -y : y));
  }
  if (a === 'timespan' && isNumber(b)) return scaled(operation);
  if (b === 'timespan' && isNumber(a) && operation === '*') return (x: number, y: bigint) => scale(y, Number(x));
  return undefined;
}

function scaled(operation: Operation): Compute | undefined {
  if (operation === '*') return (x: bigint, y: Integer) => scale(x, Number(y));
  if (operation === '/') return (x: bigint, y: Integer) => scale(x, 1 / Number(y));
  return undefined;
}

function scale(ticks: bigint, by: number): bigint | null {
  if (Number.isInteger(by)) return ticks * BigInt(by);
  const inverse = 1 / by;
  if (Number.isInteger(inverse)) return ticks / BigInt(inverse);
  return Number.isFinite(by) ? BigInt(Math.round(Number(ticks) * by)) : null;
}
