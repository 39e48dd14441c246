import type { KqlType } from '../database.ts';
import { lacking } from '../kql-error.ts';
import type { Evaluate, Expression, Row } from '../rows.ts';
import { conversion } from '../values/convert.ts';
import type { Native, Value } from '../values/value.ts';

/** One call of a function in a query. `type`: what analysis says it gives; `now`: ticks. */
export type Call = {
  readonly name: string;
  readonly args: readonly Expression[];
  readonly type: KqlType;
  readonly now: bigint;
};

/** How a call becomes a closure over rows. Without constants that differ (now() is one moment a query), so it can be folded. */
export type KqlFunction = (call: Call) => Evaluate;

type Natives<P extends readonly KqlType[]> = { [K in keyof P]: Native[P[K]] };

/**
 * A function of values: arguments are converted to these types, and if one is null the result is null. Those the call leaves
 * out come as undefined, so give them a default.
 */
export function pure<const P extends readonly KqlType[]>(types: P, run: (...values: Natives<P>) => Value): KqlFunction {
  const compute = run as unknown as (...values: Value[]) => Value;
  return ({ name, args }) => {
    const given = args.map((argument, index) => converted(name, argument, types[index] ?? (types.at(-1) as KqlType)));
    const [first, second, third] = given as [Evaluate, Evaluate, Evaluate];
    if (given.length === 1) return (row) => one(compute, first(row));
    if (given.length === 2) return (row) => two(compute, first(row), second(row));
    if (given.length === 3) return (row) => three(compute, first(row), second(row), third(row));
    return (row) => {
      const values = given.map((argument) => argument(row));
      return values.includes(null) ? null : compute(...values);
    };
  };
}

/** A function that also answers to null, and to any number of arguments. */
export function ofAll(type: KqlType, run: (values: readonly Value[]) => Value): KqlFunction {
  return ({ name, args }) => {
    const given = args.map((argument) => converted(name, argument, type));
    return (row) => run(given.map((argument) => argument(row)));
  };
}

/** The argument as this type. */
export function converted(name: string, argument: Expression, type: KqlType): Evaluate {
  const convert = conversion(argument.type, type);
  if (!convert) throw lacking(`function '${name}' of a ${argument.type}`);
  const { run } = argument;
  return argument.type === type ? run : (row: Row) => convert(run(row));
}

type Compute = (...values: Value[]) => Value;
const one = (compute: Compute, a: Value) => (a === null ? null : compute(a));
const two = (compute: Compute, a: Value, b: Value) => (a === null || b === null ? null : compute(a, b));
const three = (compute: Compute, a: Value, b: Value, c: Value) =>
  a === null || b === null || c === null ? null : compute(a, b, c);
