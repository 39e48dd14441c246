import { lacking } from '../kql-error.ts';
import type { Expression, Row } from '../rows.ts';
import { addDecimals, divideDecimals } from '../values/decimals.ts';
import { add } from '../values/integers.ts';
import { type Decimal, type Integer, isInteger, type Native, type Value } from '../values/value.ts';
import type { Aggregate, AggregateCall, Gathering } from './aggregate.ts';

/** 0 of nothing. */
export const sum: Aggregate = ({ name, args }) => {
  const { run, type } = args[0] as Expression;
  if (isInteger(type)) return () => adding<Integer>(run, 0, add, (total) => total);
  if (type === 'real') return () => adding<number>(run, 0, plus, (total) => total);
  if (type === 'timespan')
    return () =>
      adding<bigint>(
        run,
        0n,
        (a, b) => a + b,
        (total) => total,
      );
  if (type === 'decimal') return () => adding<Decimal>(run, zero, addDecimals, (total) => total);
  if (type === 'dynamic') return () => adding<number>(number(run), 0, plus, (total) => total);
  throw lacking(`aggregate '${name}' of ${type}`);
};

/** NaN of nothing, for the sum is divided by 0. */
export const average: Aggregate = ({ name, args }) => {
  const { run, type } = args[0] as Expression;
  if (isInteger(type) || type === 'real' || type === 'dynamic')
    return () => adding<number>(number(run), 0, plus, (total, counted) => total / counted);
  if (type === 'timespan' || type === 'datetime')
    return () =>
      adding<bigint>(
        run,
        0n,
        (a, b) => a + b,
        (total, counted) => (counted === 0 ? null : total / BigInt(counted)),
      );
  if (type === 'decimal')
    return () =>
      adding<Decimal>(run, zero, addDecimals, (total, counted) =>
        divideDecimals(total, { digits: BigInt(counted), scale: 0 }),
      );
  throw lacking(`aggregate '${name}' of ${type}`);
};

/** Standard deviation and variance, of a sample or of all there is. */
export function spread(how: { root: boolean; sample: boolean }): Aggregate {
  return ({ args }: AggregateCall) => {
    const run = number((args[0] as Expression).run);
    return () => {
      // Welford: one pass, without the difference of two large sums.
      let [counted, mean, squares] = [0, 0, 0];
      return {
        add(row) {
          const value = run(row) as number | null;
          if (value === null) return;
          const from = value - mean;
          mean += from / ++counted;
          squares += from * (value - mean);
        },
        values() {
          const variance = counted < 2 ? 0 : squares / (how.sample ? counted - 1 : counted);
          return [how.root ? Math.sqrt(variance) : variance];
        },
      };
    };
  };
}

const zero: Native['decimal'] = { digits: 0n, scale: 0 };
const plus = (a: number, b: number) => a + b;

// Of dynamic only what JSON has as number.
function number(run: Expression['run']): Expression['run'] {
  return (row: Row) => {
    const value = run(row);
    return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : null;
  };
}

function adding<T extends Value>(
  run: Expression['run'],
  from: T,
  plusOne: (total: T, value: T) => T,
  finish: (total: T, counted: number) => Value,
): Gathering {
  let total = from;
  let counted = 0;
  return {
    add(row) {
      const value = run(row);
      if (value === null) return;
      counted++;
      total = plusOne(total, value as T);
    },
    values: () => [finish(total, counted)],
  };
}
