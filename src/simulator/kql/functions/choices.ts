import type { KqlType } from '../database.ts';
import type { Evaluate, Expression } from '../rows.ts';
import { negation } from '../scalars/comparison.ts';
import { comparer } from '../values/order.ts';

import type { Value } from '../values/value.ts';
import { type Call, converted, type KqlFunction } from './kql-function.ts';

const iff: KqlFunction = ({ name, args, type }) => {
  const [when, then, otherwise] = [
    converted(name, args[0] as Expression, 'bool'),
    ...results(name, args.slice(1), type),
  ] as [Evaluate, Evaluate, Evaluate];
  return (row) => (when(row) === true ? then(row) : otherwise(row));
};

const caseOf: KqlFunction = ({ name, args, type }) => {
  const whens = args
    .slice(0, -1)
    .filter((_, index) => index % 2 === 0)
    .map((one) => converted(name, one, 'bool'));
  const thens = results(
    name,
    args.filter((_, index) => index % 2 === 1 || index === args.length - 1),
    type,
  );
  return (row) => {
    const hit = whens.findIndex((when) => when(row) === true);
    return (thens[hit < 0 ? thens.length - 1 : hit] as Evaluate)(row);
  };
};

// Of texts the first that is not empty.
const coalesce: KqlFunction = ({ name, args, type }) => {
  const each = results(name, args, type);
  return (row) => {
    for (const one of each) {
      const value = one(row);
      if (value !== null && !(type === 'string' && value === '')) return value;
    }
    return type === 'string' ? '' : null;
  };
};

const isNull: KqlFunction = ({ args }) => {
  const { type, run } = args[0] as Expression;
  return type === 'string' ? () => false : (row) => run(row) === null;
};

const isEmpty: KqlFunction = ({ args }) => {
  const { run } = args[0] as Expression;
  return (row) => nothingIn(run(row));
};

const not =
  (definition: KqlFunction): KqlFunction =>
  (call) => {
    const run = definition(call);
    return (row) => !run(row);
  };

const extreme =
  (way: 1 | -1): KqlFunction =>
  ({ name, args, type }: Call) => {
    const each = results(name, args, type);
    const compare = comparer(type);
    return (row) => {
      let best: Value = null;
      for (const one of each) {
        const value = one(row);
        if (value !== null && (best === null || compare(value, best) * way > 0)) best = value;
      }
      return best;
    };
  };

export const choiceFunctions: Readonly<Record<string, KqlFunction>> = {
  iff,
  iif: iff,
  case: caseOf,
  coalesce,
  isnull: isNull,
  isnotnull: not(isNull),
  isempty: isEmpty,
  isnotempty: not(isEmpty),
  notempty: not(isEmpty),
  notnull: not(isNull),
  not: ({ args }) => negation(args[0] as Expression).run,
  min_of: extreme(-1),
  max_of: extreme(1),
};

const nothingIn = (value: Value) => value === null || value === '';

// All results of one call are of one type.
function results(name: string, args: readonly Expression[], type: KqlType): Evaluate[] {
  return args.map((one) => converted(name, one, type));
}
