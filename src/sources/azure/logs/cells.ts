import {
  type Cell,
  type ColumnType,
  mostCellCharacters,
  mostColumns,
  type ResultColumn,
} from '../../../model/azure/log-query.ts';
import { list, record } from '../../../model/objects/raw.ts';
import { sanitiseLine, sanitiseText } from '../../../model/sanitise.ts';

/** The columns of a table, and how many more there were than are kept. */
export function columnsOf(json: string): { columns: readonly ResultColumn[]; left: number } {
  const all = list(JSON.parse(json), Number.POSITIVE_INFINITY);
  const columns = all.slice(0, mostColumns).map((one) => {
    const { name, type } = record(one);
    return { name: sanitiseLine(name, 256), type: typeOf(type) };
  });
  return { columns, left: all.length - columns.length };
}

/** One row's values. Throws on what is no JSON list. */
export function valuesOf(json: string, hasLongNumber: boolean): readonly unknown[] {
  // Reviving takes several times as long.
  const values: unknown = hasLongNumber ? JSON.parse(json, exactly) : JSON.parse(json);
  if (!Array.isArray(values)) throw new Error('a row is no list');
  return values;
}

export function cellsOf(values: readonly unknown[], columns: readonly ResultColumn[]): readonly Cell[] {
  return columns.map(({ type }, at) => cellOf(values[at], type));
}

function cellOf(value: unknown, type: ColumnType): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return type === 'bool' ? truth(value) : sanitiseText(value, mostCellCharacters);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (type === 'bool') return value !== 0;
    return Number.isFinite(value) ? value : String(value);
  }
  const raw = rawDigits(value);
  if (raw !== undefined) return raw;
  return sanitiseText(JSON.stringify(value), mostCellCharacters);
}

const types: Readonly<Record<string, ColumnType>> = {
  string: 'string',
  int: 'int',
  long: 'long',
  real: 'real',
  double: 'real',
  decimal: 'decimal',
  bool: 'bool',
  boolean: 'bool',
  datetime: 'datetime',
  date: 'datetime',
  timespan: 'timespan',
  time: 'timespan',
  guid: 'guid',
  uuid: 'guid',
  uniqueid: 'guid',
  dynamic: 'dynamic',
};

function typeOf(type: unknown): ColumnType {
  const name = typeof type === 'string' ? type.toLowerCase() : '';
  return Object.hasOwn(types, name) ? (types[name] as ColumnType) : 'string';
}

function truth(text: string): Cell {
  if (/^(true|1)$/i.test(text)) return true;
  return /^(false|0)$/i.test(text) ? false : sanitiseText(text, mostCellCharacters);
}

// JSON.rawJSON and the source of what is revived are newer than the library that describes them.
const exactJson = JSON as typeof JSON & { rawJSON(text: string): object; isRawJSON(value: unknown): boolean };

function exactly(_key: string, value: unknown, { source = '' }: { source?: string } = {}): unknown {
  const isExact = typeof value !== 'number' || Number.isSafeInteger(value) || !/^-?\d+$/.test(source);
  return isExact ? value : exactJson.rawJSON(source);
}

function rawDigits(value: unknown): string | undefined {
  return exactJson.isRawJSON(value) ? String((value as { rawJSON: unknown }).rawJSON) : undefined;
}
