import { type Expression, noRow } from '../rows.ts';
import { conversion } from '../values/convert.ts';
import { isArray } from '../values/json.ts';
import { comparer } from '../values/order.ts';
import type { Value } from '../values/value.ts';
import type { Aggregate } from './aggregate.ts';

/** A value for each percentage (0 to 100): the nearest one that occurs. Exact, where the service estimates. */
export const percentiles: Aggregate = ({ args }) => {
  const wanted = args.slice(1).map((one) => Number(one.run(noRow)));
  return ranked(args[0] as Expression, wanted, (values) => values);
};

/** The same as one array. */
export const percentilesArray: Aggregate = ({ args }) => {
  const wanted = args.slice(1).flatMap((one) => {
    const value = one.run(noRow);
    return isArray(value) ? value.map(Number) : [Number(value)];
  });
  const convert = conversion((args[0] as Expression).type, 'dynamic') as (value: Value) => Value;
  return ranked(args[0] as Expression, wanted, (values) => [values.map(convert) as Value]);
};

function ranked(
  { run, type }: Expression,
  wanted: readonly number[],
  give: (values: readonly Value[]) => readonly Value[],
): ReturnType<Aggregate> {
  const compare = comparer(type);
  return () => {
    const all: Value[] = [];
    return {
      add(row) {
        const value = run(row);
        if (value !== null) all.push(value);
      },
      values() {
        all.sort(compare);
        return give(
          wanted.map(
            (percentage) =>
              all[Math.min(all.length, Math.max(1, Math.ceil((percentage / 100) * all.length))) - 1] ?? null,
          ),
        );
      },
    };
  };
}
