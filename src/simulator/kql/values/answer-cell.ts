import type { KqlType } from '../database.ts';
import { decimalText } from './decimals.ts';
import { json, rawNumber } from './json.ts';
import { datetimeText, timespanText } from './ticks.ts';
import type { Decimal, Dynamic, Value } from './value.ts';

/** A value as it stands in the JSON of an answer. Dynamic is the text of its JSON, and a text within it stands as it is. */
export function answerCell(type: KqlType): (value: Value) => unknown {
  const write = writers[type] as ((value: Value) => unknown) | undefined;
  return write ? (value) => (value === null ? null : write(value)) : (value) => value;
}

const writers: { readonly [type in KqlType]?: (value: never) => unknown } = {
  datetime: datetimeText,
  timespan: timespanText,
  decimal: (value: Decimal) => decimalText(value),
  dynamic: (value: Dynamic) => (typeof value === 'string' ? value : json(value)),
  int: (value: number | bigint) => (typeof value === 'bigint' ? rawNumber(value) : value),
  long: (value: number | bigint) => (typeof value === 'bigint' ? rawNumber(value) : value),
  real: (value: number) => (Number.isFinite(value) ? value : String(value)),
};
