import type { Expression } from '../rows.ts';
import { keyOf } from '../values/order.ts';
import type { Aggregate } from './aggregate.ts';

export const count: Aggregate = () => () => {
  let counted = 0;
  return {
    add() {
      counted++;
    },
    values: () => [counted],
  };
};

/** Exact, where the service estimates. Nulls do not count. */
export const distinctCount: Aggregate = ({ args }) => {
  const { run, type } = args[0] as Expression;
  const key = keyOf(type);
  return () => {
    const seen = new Set<unknown>();
    return {
      add(row) {
        const value = run(row);
        if (value !== null) seen.add(key(value));
      },
      values: () => [seen.size],
    };
  };
};
