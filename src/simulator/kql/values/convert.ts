import type { KqlType } from '../database.ts';
import { decimalNumber, decimalText, parseDecimal } from './decimals.ts';
import { toInt, toLong, truncate } from './integers.ts';
import { dynamicText } from './json.ts';
import { datetimeFullText, inCalendar, parseDatetime, parseTimespan, ticksPer, timespanText } from './ticks.ts';
import type { Decimal, Dynamic, Integer, Value } from './value.ts';

export type Conversion = (value: Value) => Value;

/**
 * What tostring(), toint() and their like do, and what happens silently where an argument has another type. What cannot be
 * converted is null (of a string: empty). undefined: there is no way from the one type to the other.
 */
export function conversion(from: KqlType, to: KqlType): Conversion | undefined {
  if (from === to) return (value) => value;
  if (to === 'dynamic') return toDynamic(from);
  const convert = from === 'dynamic' ? fromDynamic(to) : ways[to][from];
  if (!convert) return undefined;
  const none = to === 'string' ? '' : null;
  return (value) => (value === null ? none : convert(value));
}

/** As tostring() writes it. */
export function textOf(type: KqlType): (value: Value) => string {
  return conversion(type, 'string') as (value: Value) => string;
}

/** `1.0`, not `1`: a real is told from a long by its text. */
export function realText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return `${value}.0`;
  return String(value).replace('e+', 'E+').replace('e-', 'E-');
}

type Ways = Readonly<Record<KqlType, { readonly [from in KqlType]?: (value: never) => Value }>>;

const ways: Record<KqlType, { [from in KqlType]?: Conversion }> = loosely({
  string: {
    int: (value: Integer) => String(value),
    long: (value: Integer) => String(value),
    real: realText,
    decimal: decimalText,
    bool: (value: boolean) => (value ? 'true' : 'false'),
    datetime: datetimeFullText,
    timespan: timespanText,
    guid: (value: string) => value,
  },
  int: {
    string: (text: string) => onInteger(parseInteger(text), toInt),
    long: toInt,
    real: (value: number) => onInteger(truncate(value), toInt),
    decimal: (value: Decimal) => onInteger(truncate(decimalNumber(value)), toInt),
    bool: Number,
  },
  long: {
    string: parseInteger,
    int: (value: Integer) => value,
    real: truncate,
    decimal: (value: Decimal) => toLong(value.digits / 10n ** BigInt(value.scale)),
    bool: Number,
    datetime: (value: bigint) => toLong(value),
    timespan: (value: bigint) => toLong(value),
  },
  real: {
    string: parseReal,
    int: Number,
    long: Number,
    decimal: decimalNumber,
    bool: Number,
  },
  decimal: {
    string: parseDecimal,
    int: (value: Integer) => parseDecimal(String(value)),
    long: (value: Integer) => parseDecimal(String(value)),
    real: (value: number) => parseDecimal(String(value)),
  },
  bool: {
    string: parseBool,
    int: (value: Integer) => value !== 0,
    long: (value: Integer) => value !== 0,
    real: (value: number) => value !== 0,
  },
  datetime: {
    string: parseDatetime,
    int: (value: Integer) => inCalendar(BigInt(value)),
    long: (value: Integer) => inCalendar(BigInt(value)),
  },
  timespan: {
    string: parseTimespan,
    int: (value: Integer) => BigInt(value) * ticksPer.day,
    long: (value: Integer) => BigInt(value) * ticksPer.day,
    real: (value: number) => (Number.isFinite(value) ? BigInt(Math.round(value * Number(ticksPer.day))) : null),
  },
  guid: {
    string: (text: string) => {
      const hex = text.replace(/[{}()-]/g, '').toLowerCase();
      return /^[0-9a-f]{32}$/.test(hex) ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : null;
    },
  },
  dynamic: {},
});

function loosely(table: Ways) {
  return table as Record<KqlType, { [from in KqlType]?: Conversion }>;
}

// A datetime or timespan within dynamic is written as its text, as it would be in JSON.
function toDynamic(from: KqlType): Conversion {
  if (from === 'decimal' || from === 'datetime' || from === 'timespan')
    return (value) => (value === null ? null : (ways.string[from] as Conversion)(value));
  return (value) => value;
}

function fromDynamic(to: KqlType): Conversion | undefined {
  if (to === 'string') return (value) => dynamicText(value as Dynamic);
  const fromText = ways[to].string;
  const fromLong = ways[to].long;
  const fromReal = ways[to].real;
  const fromBool = ways[to].bool;
  return (value) => {
    if (typeof value === 'string') return fromText?.(value) ?? null;
    if (typeof value === 'boolean') return to === 'bool' ? value : (fromBool?.(value) ?? null);
    if (typeof value === 'bigint') return to === 'long' ? value : (fromLong?.(value) ?? null);
    if (typeof value !== 'number') return null;
    if (to === 'real') return value;
    if (!Number.isSafeInteger(value)) return fromReal?.(value) ?? null;
    return to === 'long' ? value : (fromLong?.(value) ?? null);
  };
}

function onInteger(value: Integer | null, then: (value: Integer) => Integer | null): Integer | null {
  return value === null ? null : then(value);
}

function parseInteger(text: string): Integer | null {
  const trimmed = text.trim();
  if (/^0x[0-9a-f]{1,16}$/i.test(trimmed)) return toLong(BigInt(trimmed));
  if (!/^[+-]?\d{1,19}$/.test(trimmed)) return null;
  const value = BigInt(trimmed.replace('+', ''));
  return value === BigInt.asIntN(64, value) ? toLong(value) : null;
}

function parseReal(text: string): number | null {
  const trimmed = text.trim();
  if (/^nan$/i.test(trimmed)) return Number.NaN;
  const infinity = /^([+-]?)(inf|infinity)$/i.exec(trimmed);
  if (infinity) return infinity[1] === '-' ? -Infinity : Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : null;
}

function parseBool(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  if (word === 'false' || word === '0') return false;
  const number = parseReal(word);
  return number === null ? null : number !== 0;
}
