import type { KqlType } from '../database.ts';

/** int and long: a number as far as it is exact (2^53), a bigint beyond. One number has one form. */
export type Integer = number | bigint;

/** 34 digits at most: `digits` / 10^`scale`. */
export type Decimal = { readonly digits: bigint; readonly scale: number };

/** JSON, with integers beyond 2^53 as bigint. */
export type Dynamic =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Dynamic[]
  | { readonly [key: string]: Dynamic };

/** How a value of each type is held while a query runs. Datetime and timespan are ticks of 100 ns, the former since year 1. */
export type Native = {
  string: string;
  int: Integer;
  long: Integer;
  real: number;
  decimal: Decimal;
  bool: boolean;
  datetime: bigint;
  timespan: bigint;
  guid: string;
  dynamic: Dynamic;
};

/** null is the null of every type but string, which has none. Which of the rest it is says the static type beside it. */
export type Value = Dynamic | Decimal;

export const isInteger = (type: KqlType) => type === 'int' || type === 'long';
export const isNumber = (type: KqlType) => isInteger(type) || type === 'real' || type === 'decimal';

/** What stands for nothing: the empty text of strings. */
export const nothing = (type: KqlType): Value => (type === 'string' ? '' : null);
