import type { Change } from '../model/change.ts';
import type { KindId } from '../model/kinds.ts';

/**
 * How changes cross from one thread to the other. Rows cross in columns: no key is written a thousand times, and what
 * many rows share (the name of a node, a set of labels) crosses once and is one object on the other side as well. Both
 * ends remember what has crossed; they belong together, and every message must arrive, in order.
 */
export type Packed = Exclude<Change, { type: 'put' }> | { type: 'rows'; kind: KindId; at: number; table: PackedTable };

export type PackedTable = {
  /** Told when they are new: the first time, mostly the only time. */
  keys?: readonly string[];
  count: number;
  columns: readonly Column[];
};

type Column =
  /** As they are: names, addresses, numbers. */
  | { as: 'plain'; values: readonly unknown[] }
  /** Places among the values that have crossed; `fresh` are added to them first. */
  | { as: 'shared'; fresh: readonly unknown[]; places: readonly number[]; anew: boolean }
  /** Lists of like objects, end to end. */
  | { as: 'lists'; lengths: readonly number[]; table: PackedTable };

/** A column in which more than half of so many values were new shares nothing. */
const trial = 512;
/** More than this are not remembered: both ends begin anew. */
const mostShared = 20_000;

/** The sending end. */
export function createPacker(): (changes: readonly Change[]) => Packed[] {
  const shapes = new Map<KindId, SendingShape>();
  return (changes) =>
    changes.map((change) => {
      if (change.type !== 'put') return change;
      const { kind, rows, at } = change;
      const shape = shapes.get(kind) ?? { columns: [] };
      shapes.set(kind, shape);
      return { type: 'rows', kind, at, table: packTable(rows, shape) };
    });
}

/** The receiving end. */
export function createUnpacker(): (packed: readonly Packed[]) => Change[] {
  const shapes = new Map<KindId, ReceivingShape>();
  return (packed) =>
    packed.map((one) => {
      if (one.type !== 'rows') return one;
      const { kind, at, table } = one;
      const shape = shapes.get(kind) ?? { keys: [], template: {}, columns: [] };
      shapes.set(kind, shape);
      return { type: 'put', kind, rows: unpackTable(table, shape), at } as unknown as Change;
    });
}

type Fields = Readonly<Record<string, unknown>>;
type SendingShape = { keys?: readonly string[]; columns: SendingColumn[] };
type SendingColumn = { places?: Map<unknown, number>; asked: number; nested?: SendingShape; isPlain: boolean };

/** Rows of one kind have the same keys: each is made by one projection. */
function packTable(rows: readonly Fields[], shape: SendingShape): PackedTable {
  const [first] = rows;
  const isNew = shape.keys === undefined && first !== undefined;
  if (isNew) {
    shape.keys = Object.keys(first);
    shape.columns = shape.keys.map(() => ({ asked: 0, isPlain: false }));
  }
  const { keys = [] } = shape;
  const columns = keys.map((key, index) => packColumn(valuesOf(rows, key), shape.columns[index] as SendingColumn));
  return { ...(isNew && { keys }), count: rows.length, columns };
}

function valuesOf(rows: readonly Fields[], key: string): unknown[] {
  const values: unknown[] = [];
  for (const row of rows) values.push(row[key]);
  return values;
}

function packColumn(values: readonly unknown[], column: SendingColumn): Column {
  if (column.isPlain) return { as: 'plain', values };
  const kind = column.nested ? 'lists' : column.places ? 'shared' : kindOf(values);
  if (kind === 'lists') {
    const lists = values as readonly (readonly Fields[])[];
    const all = lists.flat();
    column.nested ??= { columns: [] };
    if (areAlike(all, column.nested.keys))
      return { as: 'lists', lengths: lists.map(({ length }) => length), table: packTable(all, column.nested) };
  } else if (kind === 'shared') return packShared(values, column);
  else if (kind === 'undecided') return { as: 'plain', values };
  column.isPlain = true;
  return { as: 'plain', values };
}

function kindOf(values: readonly unknown[]): 'plain' | 'shared' | 'lists' | 'undecided' {
  const [first] = values;
  if (typeof first === 'string') return 'shared';
  if (typeof first !== 'object' || first === null) return 'plain';
  if (!Array.isArray(first)) return 'shared';
  const full = values.find((value) => Array.isArray(value) && value.length > 0) as readonly unknown[] | undefined;
  if (full === undefined) return 'undecided';
  // A list of lists, such as the terms of an affinity, has no columns.
  return areAlike(full.slice(0, 1)) ? 'lists' : 'plain';
}

/** Whether these can stand in the same columns: objects with the same keys in the same order. */
function areAlike(values: readonly unknown[], keys: readonly string[] = Object.keys(values[0] ?? {})): boolean {
  return values.every((value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    let index = 0;
    for (const key in value) if (keys[index++] !== key) return false;
    return index === keys.length;
  });
}

function packShared(values: readonly unknown[], column: SendingColumn): Column {
  const anew = column.places === undefined || column.places.size > mostShared;
  if (anew) column.places = new Map();
  const places = column.places as Map<unknown, number>;
  const fresh: unknown[] = [];
  const at = values.map((value) => {
    const known = places.get(value);
    if (known !== undefined) return known;
    fresh.push(value);
    places.set(value, places.size);
    return places.size - 1;
  });
  column.asked += values.length;
  if (column.asked >= trial && places.size > column.asked / 2) {
    column.isPlain = true;
    delete column.places;
    return { as: 'plain', values };
  }
  return { as: 'shared', fresh, places: at, anew };
}

type ReceivingShape = { keys: readonly string[]; template: Fields; columns: ReceivingColumn[] };
type ReceivingColumn = { known: unknown[]; nested?: ReceivingShape };

const none: readonly Fields[] = Object.freeze([]);

function unpackTable({ keys, count, columns }: PackedTable, shape: ReceivingShape): Fields[] {
  if (keys) {
    shape.keys = keys;
    // Copies of what was parsed carry their fields inside; a literal that grows field by field carries a second object.
    shape.template = JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, 0]))));
    shape.columns = keys.map(() => ({ known: [] }));
  }
  const rows: Record<string, unknown>[] = [];
  for (let index = 0; index < count; index++) rows.push({ ...shape.template });
  for (const [place, column] of columns.entries()) {
    const key = shape.keys[place] as string;
    const values = unpackColumn(column, shape.columns[place] as ReceivingColumn);
    for (let index = 0; index < count; index++) (rows[index] as Record<string, unknown>)[key] = values[index];
  }
  return rows;
}

function unpackColumn(column: Column, receiving: ReceivingColumn): readonly unknown[] {
  if (column.as === 'plain') {
    receiving.known = [];
    return column.values;
  }
  if (column.as === 'shared') {
    if (column.anew) receiving.known = [];
    for (const value of column.fresh) receiving.known.push(value);
    return column.places.map((place) => receiving.known[place]);
  }
  receiving.nested ??= { keys: [], template: {}, columns: [] };
  const all = unpackTable(column.table, receiving.nested);
  let start = 0;
  return column.lengths.map((length) => {
    start += length;
    return length === 0 ? none : all.slice(start - length, start);
  });
}
