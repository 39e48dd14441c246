import type { KqlType } from '../database.ts';
import { lacking } from '../kql-error.ts';
import type { Evaluate, Expression } from '../rows.ts';
import { floorTo, toLong } from '../values/integers.ts';
import { mod, ticksPer } from '../values/ticks.ts';
import { type Integer, isInteger, type Value } from '../values/value.ts';
import { converted, type KqlFunction, pure } from './kql-function.ts';

const bin: KqlFunction = ({ name, args }) => {
  const [value, size] = args as [Expression, Expression];
  const { type } = value;
  if (type === 'datetime' || type === 'timespan') {
    const ticks = size.type === 'timespan' ? size.run : converted(name, days(size), 'timespan');
    return lift(value.run, ticks, (a, b) => floorTicks(a as bigint, b as bigint));
  }
  if (isInteger(type) && isInteger(size.type))
    return lift(value.run, size.run, (a, b) => floorTo(a as Integer, b as Integer));
  const [real, step] = [converted(name, value, 'real'), converted(name, size, 'real')];
  return lift(real, step, (a, b) =>
    (b as number) > 0 ? Math.floor((a as number) / (b as number)) * (b as number) : null,
  );
};

// The same grid, moved so that the third argument is on it.
const binAt: KqlFunction = ({ name, args, type, now }) => {
  const [value, size, fixed] = args as [Expression, Expression, Expression];
  if (type !== 'datetime' && type !== 'timespan' && !isInteger(type)) {
    const [real, step, at] = [value, size, fixed].map((one) => converted(name, one, 'real')) as [
      Evaluate,
      Evaluate,
      Evaluate,
    ];
    return (row) => {
      const [a, b, c] = [real(row), step(row), at(row)] as [number, number, number];
      return Math.floor((a - c) / b) * b + c;
    };
  }
  const through = bin({
    name,
    args: [{ ...value, run: (row) => minus(value.run(row), fixed.run(row)) }, size],
    type,
    now,
  });
  return (row) => plus(through(row), fixed.run(row));
};

const round: KqlFunction = pure(['real', 'long'], (value, places = 0) => {
  const factor = 10 ** Number(places);
  const scaled = Math.abs(value) * factor;
  return Number.isFinite(scaled) ? (Math.sign(value) * Math.round(scaled)) / factor + 0 : value;
});

const abs: KqlFunction = ({ args, type }) => {
  const { run } = args[0] as Expression;
  if (type === 'decimal') throw lacking("function 'abs' of a decimal");
  return (row) => {
    const value = run(row) as number | bigint | null;
    return value === null ? null : value < 0 ? -value : value;
  };
};

const real = (compute: (value: number) => number): KqlFunction => pure(['real'], (value) => compute(value));
const bits = (compute: (a: bigint, b: bigint) => bigint): KqlFunction =>
  pure(['long', 'long'], (a, b) => toLong(compute(BigInt(a), BigInt(b))));

export const numberFunctions: Readonly<Record<string, KqlFunction>> = {
  bin,
  bin_at: binAt,
  floor: bin,
  ceiling: (call) => (isInteger(call.type) ? (call.args[0] as Expression).run : real(Math.ceil)(call)),
  round,
  abs,
  sign: real(Math.sign),
  sqrt: real(Math.sqrt),
  exp: real(Math.exp),
  exp2: real((value) => 2 ** value),
  exp10: real((value) => 10 ** value),
  log: real(Math.log),
  log2: real(Math.log2),
  log10: real(Math.log10),
  pow: pure(['real', 'real'], (base, exponent) => base ** exponent),
  pi: () => () => Math.PI,
  isnan: pure(['real'], (value) => Number.isNaN(value)),
  isinf: pure(['real'], (value) => Math.abs(value) === Infinity),
  isfinite: pure(['real'], (value) => Number.isFinite(value)),
  binary_and: bits((a, b) => a & b),
  binary_or: bits((a, b) => a | b),
  binary_xor: bits((a, b) => a ^ b),
  binary_shift_left: bits((a, b) => a << mod(b, 64n)),
  binary_shift_right: bits((a, b) => BigInt.asUintN(64, a) >> mod(b, 64n)),
  bitset_count_ones: pure(
    ['long'],
    (value) => BigInt.asUintN(64, BigInt(value)).toString(2).replaceAll('0', '').length,
  ),
};

function lift(a: Evaluate, b: Evaluate, compute: (a: Value, b: Value) => Value): Evaluate {
  return (row) => {
    const x = a(row);
    const y = b(row);
    return x === null || y === null ? null : compute(x, y);
  };
}

// Downwards, also before zero.
const floorTicks = (value: bigint, size: bigint) => (size > 0n ? value - mod(value, size) : null);

// A bare number as the size of a bin of time is days.
function days(size: Expression): Expression {
  const type: KqlType = 'timespan';
  return { type, constant: size.constant, run: (row) => onNumber(size.run(row)) };
}

const onNumber = (value: Value) => (value === null ? null : BigInt(Math.round(Number(value) * Number(ticksPer.day))));
const minus = (a: Value, b: Value) => (a === null || b === null ? null : (((a as number) - (b as number)) as Value));
const plus = (a: Value, b: Value) => (a === null || b === null ? null : (((a as number) + (b as number)) as Value));
