import type { Expression, Row } from '../rows.ts';
import type { Value } from '../values/value.ts';

export type AggregateCall = { readonly name: string; readonly args: readonly Expression[] };

/** What one group gathers: rows come one by one, then the values are asked for once (most aggregates have one). */
export type Gathering = { add(row: Row): void; values(): readonly Value[] };

/** Compiled once a query, begun once a group. */
export type Aggregate = (call: AggregateCall) => () => Gathering;

/** Only the rows for which the argument at `at` is true are gathered, by the aggregate of the other arguments. */
export function only(aggregate: Aggregate, at: number): Aggregate {
  return ({ name, args }) => {
    const condition = args[at] as Expression;
    const begin = aggregate({ name, args: args.filter((_, index) => index !== at) });
    return () => {
      const gathering = begin();
      return {
        add(row) {
          if (condition.run(row) === true) gathering.add(row);
        },
        values: gathering.values,
      };
    };
  };
}
