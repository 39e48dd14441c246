import type { KqlType } from '../database.ts';
import { compareDecimals } from './decimals.ts';
import { json } from './json.ts';
import type { Decimal, Dynamic, Value } from './value.ts';

/** Negative, 0 or positive for two values of one type, neither null. Texts compare by their code units. */
export function comparer(type: KqlType): (a: Value, b: Value) => number {
  if (type === 'decimal') return (a, b) => compareDecimals(a as Decimal, b as Decimal);
  if (type === 'dynamic') return (a, b) => compareDynamic(a as Dynamic, b as Dynamic);
  return (a, b) => ((a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0);
}

/** By what values are the same group, the same key of a join, the same element of a set. */
export function keyOf(type: KqlType): (value: Value) => string | number | bigint | boolean | null {
  if (type === 'dynamic')
    return (value) => (typeof value === 'object' && value !== null ? `\0${json(value as Dynamic)}` : (value as string));
  if (type === 'decimal')
    return (value) => (value === null ? null : `${(value as Decimal).digits}e${(value as Decimal).scale}`);
  return (value) => value as string;
}

// Of different kinds the order is arbitrary but always the same.
function compareDynamic(a: Dynamic, b: Dynamic): number {
  const ranks = [rank(a), rank(b)] as const;
  if (ranks[0] !== ranks[1]) return ranks[0] - ranks[1];
  const [x, y] = ranks[0] === 4 ? [json(a), json(b)] : [a as string, b as string];
  return x < y ? -1 : x > y ? 1 : 0;
}

function rank(value: Dynamic): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return 1;
  if (typeof value === 'number' || typeof value === 'bigint') return 2;
  return typeof value === 'string' ? 3 : 4;
}
