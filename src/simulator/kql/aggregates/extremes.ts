import type { Expression, Row } from '../rows.ts';
import { comparer } from '../values/order.ts';
import { nothing, type Value } from '../values/value.ts';
import type { Aggregate } from './aggregate.ts';

/** The largest (1) or smallest (-1); null of nothing. NaN counts only where there is nothing else. */
export function extreme(way: 1 | -1): Aggregate {
  return ({ args }) => {
    const { run, type } = args[0] as Expression;
    const compare = comparer(type);
    return () => {
      let best: Value = null;
      return {
        add(row) {
          const value = run(row);
          if (value !== null && (best === null || Number.isNaN(best) || compare(value, best) * way > 0)) best = value;
        },
        values: () => [best === null ? nothing(type) : best],
      };
    };
  };
}

/** The first argument at its extreme, and the others of the same row: of the first such row. */
export function argExtreme(way: 1 | -1): Aggregate {
  return ({ args }) => {
    const { run, type } = args[0] as Expression;
    const compare = comparer(type);
    return () => {
      let best: Value = null;
      let where: Row | undefined;
      return {
        add(row) {
          const value = run(row);
          if (where && (value === null || (best !== null && compare(value, best) * way <= 0))) return;
          best = value;
          where = row;
        },
        values: () => valuesAt(args, where),
      };
    };
  };
}

/** Of one argument the first that is something; of several those of the first row. */
export const anyOf: Aggregate = ({ args }) => {
  const [only] = args.length === 1 ? args : [];
  return () => {
    let where: Row | undefined;
    return {
      add(row) {
        if (where && !(only && empty(only.run(where)))) return;
        where = row;
      },
      values: () => valuesAt(args, where),
    };
  };
};

const empty = (value: Value) => value === null || value === '';
const valuesAt = (args: readonly Expression[], row: Row | undefined) =>
  args.map(({ run, type }) => (row ? run(row) : nothing(type)));
