import type { Expression } from '../rows.ts';
import { isArray, isBag } from '../values/json.ts';
import type { Dynamic, Value } from '../values/value.ts';

/** `bag.name`, `bag['name']`, `array[0]`, `array[-1]`; what is not there, or no bag and no array, is null. */
export function member(of: Expression, key: Expression): Expression {
  return {
    type: 'dynamic',
    run: (row) => memberOf(of.run(row) as Dynamic, key.run(row)),
    constant: of.constant && key.constant,
  };
}

function memberOf(value: Dynamic, key: Value): Dynamic {
  if (isArray(value)) {
    const index = Number(key);
    return typeof key === 'string' ? null : (value[index < 0 ? index + value.length : index] ?? null);
  }
  return isBag(value) && typeof key === 'string' && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}
