import type { KqlType } from '../database.ts';
import { lacking } from '../kql-error.ts';
import type { Evaluate } from '../rows.ts';
import { conversion } from '../values/convert.ts';
import { isArray, isBag } from '../values/json.ts';
import { comparer, keyOf } from '../values/order.ts';
import type { Dynamic, Value } from '../values/value.ts';
import { type Call, converted, type KqlFunction, ofAll, pure } from './kql-function.ts';

const key = keyOf('dynamic');
const compare = comparer('dynamic');

/** A function of one array first; of what is none the answer is null. */
const ofArray = (run: (array: readonly Dynamic[], ...rest: Dynamic[]) => Value): KqlFunction =>
  ofAll('dynamic', ([array, ...rest]) => (isArray(array) ? run(array, ...(rest as Dynamic[])) : null));

const packArray: KqlFunction = ofAll('dynamic', (values) => [...values] as Value);

const packBag: KqlFunction = ({ name, args }) => {
  const keys = args.filter((_, index) => index % 2 === 0).map((one) => converted(name, one, 'string'));
  const values = args.filter((_, index) => index % 2 === 1).map((one) => converted(name, one, 'dynamic'));
  return (row) => Object.fromEntries(keys.map((one, index) => [one(row), (values[index] as Evaluate)(row)])) as Value;
};

const merge: KqlFunction = ofAll('dynamic', (bags) => {
  const merged: Record<string, Dynamic> = {};
  // The first that has a key says its value.
  for (const bag of [...bags].reverse()) if (isBag(bag)) Object.assign(merged, bag);
  return merged;
});

const sets = (combine: (sets: Map<unknown, Dynamic>[]) => Dynamic[]): KqlFunction =>
  ofAll('dynamic', (arrays) =>
    arrays.every(isArray)
      ? combine(arrays.map((array) => new Map((array as readonly Dynamic[]).map((one) => [key(one), one]))))
      : null,
  );

const sorted = (way: 1 | -1): KqlFunction =>
  ofArray((array) => [...array].sort((a, b) => (a === null ? 1 : b === null ? -1 : compare(a, b) * way)));

export const dynamicFunctions: Readonly<Record<string, KqlFunction>> = {
  pack_array: packArray,
  bag_pack: packBag,
  pack: packBag,
  pack_dictionary: packBag,
  bag_keys: pure(['dynamic'], (bag) => (isBag(bag) ? Object.keys(bag) : null)),
  bag_has_key: pure(['dynamic', 'string'], (bag, name) => isBag(bag) && Object.hasOwn(bag, name)),
  bag_merge: merge,
  bag_remove_keys: pure(['dynamic', 'dynamic'], (bag, names) =>
    isBag(bag) && isArray(names)
      ? Object.fromEntries(Object.entries(bag).filter(([name]) => !names.includes(name)))
      : bag,
  ),
  bag_set_key: pure(['dynamic', 'string', 'dynamic'], (bag, name, value) =>
    isBag(bag) ? { ...bag, [name]: value } : null,
  ),
  array_length: ofArray((array) => array.length),
  arraylength: ofArray((array) => array.length),
  array_concat: ofAll('dynamic', (arrays) => arrays.filter(isArray).flat() as Value),
  array_index_of: ofArray((array, value) => array.findIndex((one) => key(one) === key(value as Dynamic))),
  array_slice: ofArray((array, start, end) =>
    array.slice(Number(start), Number(end) === -1 ? undefined : Number(end) + 1),
  ),
  array_reverse: ofArray((array) => [...array].reverse()),
  array_sum: ofArray((array) => array.reduce((sum: number, one) => sum + Number(one), 0)),
  array_sort_asc: sorted(1),
  array_sort_desc: sorted(-1),
  set_has_element: ofArray((array, value) => array.some((one) => key(one) === key(value as Dynamic))),
  set_union: sets((all) => [...new Map(all.flatMap((one) => [...one])).values()]),
  set_intersect: sets(([first, ...rest]) =>
    [...(first as Map<unknown, Dynamic>)]
      .filter(([one]) => rest.every((other) => other.has(one)))
      .map(([, value]) => value),
  ),
  set_difference: sets(([first, ...rest]) =>
    [...(first as Map<unknown, Dynamic>)]
      .filter(([one]) => !rest.some((other) => other.has(one)))
      .map(([, value]) => value),
  ),
  zip: ofAll('dynamic', (arrays) => zip(arrays)),
  repeat: ofAll('dynamic', ([value, times]) => Array.from({ length: Number(times) }, () => value as Dynamic)),
  range: rangeOf,
};

function zip(arrays: readonly Value[]): Value {
  if (!arrays.every(isArray)) return null;
  const longest = Math.max(...arrays.map((array) => (array as readonly Dynamic[]).length));
  return Array.from({ length: longest }, (_, index) =>
    arrays.map((array) => (array as readonly Dynamic[])[index] ?? null),
  ) as Value;
}

const mostElements = 1_048_576;

function rangeOf({ name, args }: Call): Evaluate {
  const type: KqlType = args[0]?.type ?? 'long';
  if (!['int', 'long', 'real', 'datetime', 'timespan'].includes(type)) throw lacking(`function '${name}' of a ${type}`);
  const toDynamic = conversion(type, 'dynamic') as (value: Value) => Value;
  const [from, to, step] = args.map((one) => one.run) as [Evaluate, Evaluate, Evaluate?];
  return (row) => {
    const [first, last] = [from(row), to(row)] as [number, number];
    const by = (step?.(row) ?? (type === 'datetime' || type === 'timespan' ? 36_000_000_000n : 1)) as number;
    const values: Value[] = [];
    if (by === 0) return null;
    for (let at = first; (by > 0 ? at <= last : at >= last) && values.length < mostElements; at += by)
      values.push(toDynamic(at));
    return values as Value;
  };
}
