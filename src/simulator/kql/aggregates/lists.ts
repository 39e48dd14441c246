import { type Expression, noRow } from '../rows.ts';
import { type Conversion, conversion } from '../values/convert.ts';
import { isBag } from '../values/json.ts';
import { keyOf } from '../values/order.ts';
import type { Dynamic, Value } from '../values/value.ts';
import type { Aggregate } from './aggregate.ts';

const mostElements = 1_048_576;
/** The old names stop there where nothing is said. */
const fewElements = 128;

function limitOf(name: string, limit: Expression | undefined): number {
  if (limit) return Number(limit.run(noRow));
  return name === 'makelist' || name === 'makeset' ? fewElements : mostElements;
}

/** In the order of the rows; nulls only `withNulls`. */
export function listOf(withNulls: boolean): Aggregate {
  return ({ name, args }) => {
    const { run, type } = args[0] as Expression;
    const convert = conversion(type, 'dynamic') as Conversion;
    const most = limitOf(name, args[1]);
    return () => {
      const list: Value[] = [];
      return {
        add(row) {
          const value = run(row);
          if (list.length < most && (withNulls || value !== null)) list.push(convert(value));
        },
        values: () => [list as Value],
      };
    };
  };
}

/** In the order in which they first came; of arrays their elements. */
export const setOf: Aggregate = ({ name, args }) => {
  const { run, type } = args[0] as Expression;
  const convert = conversion(type, 'dynamic') as Conversion;
  const key = keyOf('dynamic');
  const most = limitOf(name, args[1]);
  return () => {
    const set = new Map<unknown, Value>();
    return {
      add(row) {
        const value = convert(run(row));
        for (const one of Array.isArray(value) ? (value as Value[]) : [value])
          if (one !== null && set.size < most) set.set(key(one), one);
      },
      values: () => [[...set.values()] as Value],
    };
  };
};

/** One bag of all: of keys that come again the first counts. */
export const bagOf: Aggregate = ({ args }) => {
  const { run } = args[0] as Expression;
  return () => {
    const bag: Record<string, Dynamic> = {};
    return {
      add(row) {
        const value = run(row) as Dynamic;
        if (isBag(value))
          for (const [name, one] of Object.entries(value)) if (!Object.hasOwn(bag, name)) bag[name] = one;
      },
      values: () => [bag],
    };
  };
};
