import type { ListRules } from './list-keys.ts';

/**
 * A set of fields in the form managedFields tells it (FieldsV1): `f:name` a field, `k:{…}` a list item by its keys,
 * `v:…` a list item by its value. An empty node is a member; a node with children is one only where it has `.`.
 */
export type FieldSet = { [element: string]: FieldSet };

type Value = unknown;
type Fields = Record<string, unknown>;

/** What nobody owns: the server's own. */
const unowned = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

/** Typed Go structs are always there: nobody creates them, so they carry no `.`. */
const alwaysThere = new Set(['metadata', 'spec', 'status', 'template', 'strategy', 'updateStrategy']);

/** Every leaf of an object, but for what nobody owns. */
export function fieldsOf(object: Fields, lists: ListRules, custom: boolean): FieldSet {
  return compare({}, object, lists, custom).changed;
}

/** Leaves that came or changed from `before` to `after`, and those that went. */
export function compare(
  before: Fields,
  after: Fields,
  lists: ListRules,
  custom: boolean,
): { changed: FieldSet; removed: FieldSet } {
  const changed: FieldSet = {};
  const removed: FieldSet = {};
  for (const name of namesOf(before, after)) {
    if (name === 'apiVersion' || name === 'kind') continue;
    const old = name === 'metadata' ? owned(before[name]) : before[name];
    const now = name === 'metadata' ? owned(after[name]) : after[name];
    compareField(`f:${name}`, old, now, [name], changed, removed, { lists, custom });
  }
  return { changed, removed };
}

type Context = { lists: ListRules; custom: boolean };

function compareField(
  element: string,
  before: Value,
  after: Value,
  path: readonly string[],
  changed: FieldSet,
  removed: FieldSet,
  context: Context,
): void {
  if (after === undefined) {
    // What goes takes everything below it along, whoever owned it.
    if (before !== undefined) removed[element] = {};
    return;
  }
  if (before === undefined) {
    changed[element] = leavesOf(after, [...path], context);
    return;
  }
  const inner: FieldSet = {};
  const innerRemoved: FieldSet = {};
  if (isMap(after) && isMap(before)) {
    for (const name of namesOf(before, after)) {
      compareField(`f:${name}`, before[name], after[name], [...path, name], inner, innerRemoved, context);
    }
  } else if (Array.isArray(after) && Array.isArray(before)) {
    const rule = context.lists(path);
    if ((rule.apply === undefined && rule.set === undefined) || after.length === 0) {
      if (!same(before, after)) changed[element] = {};
      return;
    }
    const old = itemsByElement(before, rule);
    const now = itemsByElement(after, rule);
    for (const item of namesOf(old, now)) {
      compareField(item, old[item], now[item], path, inner, innerRemoved, context);
    }
  } else {
    if (!same(before, after)) changed[element] = {};
    return;
  }
  if (!isEmpty(inner)) changed[element] = inner;
  if (!isEmpty(innerRemoved)) removed[element] = innerRemoved;
}

/**
 * All of a value that was not there before. `path` is pushed to and popped from: this runs for every new object of a
 * large cluster.
 */
function leavesOf(value: Value, path: string[], context: Context): FieldSet {
  const out: FieldSet = {};
  if (Array.isArray(value)) {
    const rule = value.length === 0 ? undefined : context.lists(path);
    if (rule === undefined || (rule.apply === undefined && rule.set === undefined)) return out;
    out['.'] = {};
    for (const item of value) out[elementOf(item, rule)] = leavesOf(item, path, context);
    return out;
  }
  if (!isMap(value)) return out;
  let empty = true;
  for (const name in value) {
    if (value[name] === undefined) continue;
    if (empty && !isAlwaysThere(path, context.custom)) out['.'] = {};
    empty = false;
    path.push(name);
    out[`f:${name}`] = leavesOf(value[name], path, context);
    path.pop();
  }
  return out;
}

function isAlwaysThere(path: readonly string[], custom: boolean): boolean {
  if (custom) return path.length === 1 && path[0] === 'metadata';
  return alwaysThere.has(path[path.length - 1] ?? '') && path.length <= 3;
}

/** The items of a list whose items are told apart, by the element that names each. */
function itemsByElement(items: readonly Value[], rule: ReturnType<ListRules>): Record<string, Value> {
  const out: Record<string, Value> = {};
  for (const item of items) out[elementOf(item, rule)] = item;
  return out;
}

export function elementOf(item: Value, rule: ReturnType<ListRules>): string {
  if (rule.apply === undefined || !isMap(item)) return `v:${JSON.stringify(item)}`;
  const keys: Fields = {};
  for (const key of [...rule.apply].sort()) {
    // `protocol` is the one key with a default.
    const value = item[key] ?? (key === 'protocol' ? 'TCP' : undefined);
    if (value !== undefined) keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  const out: FieldSet = { ...left };
  for (const [element, below] of Object.entries(right)) {
    const there = out[element];
    if (there === undefined) {
      out[element] = below;
      continue;
    }
    const joined = union(there, below);
    // An empty node is a member; joined with one that has children it must stay one.
    if (isEmpty(there) !== isEmpty(below)) joined['.'] = {};
    out[element] = joined;
  }
  return out;
}

/** `wholeBranches`: a member of `right` takes along what lies below it on the left. */
export function subtract(left: FieldSet, right: FieldSet, wholeBranches = false): FieldSet {
  const out: FieldSet = {};
  for (const [element, below] of Object.entries(left)) {
    const gone = right[element];
    if (gone === undefined) {
      out[element] = below;
      continue;
    }
    if (wholeBranches && isMember(gone)) continue;
    if (isEmpty(below)) {
      if (!isMember(gone)) out[element] = below;
      continue;
    }
    const rest = subtract(below, isEmpty(gone) ? { '.': {} } : gone, wholeBranches);
    if (!isEmpty(rest)) out[element] = rest;
  }
  return out;
}

export function intersect(left: FieldSet, right: FieldSet): FieldSet {
  const out: FieldSet = {};
  for (const [element, below] of Object.entries(left)) {
    const other = right[element];
    if (other === undefined) continue;
    if (isEmpty(below) || isEmpty(other)) {
      if (isMember(below) && isMember(other)) out[element] = {};
      continue;
    }
    const shared = intersect(below, other);
    if (!isEmpty(shared)) out[element] = shared;
  }
  return out;
}

/** Every member as a path of elements. */
export function members(set: FieldSet, path: readonly string[] = []): string[][] {
  const out: string[][] = [];
  for (const element of Object.keys(set)) {
    if (element === '.') continue;
    const below = set[element] as FieldSet;
    const here = [...path, element];
    if (isMember(below)) out.push(here);
    out.push(...members(below, here));
  }
  return out;
}

/** As conflict messages tell a path: `.spec.containers[name="c"].image`. */
export function tellPath(path: readonly string[]): string {
  return path
    .map((element) => {
      const rest = element.slice(2);
      if (element.startsWith('f:')) return `.${rest}`;
      if (element.startsWith('v:')) return `[=${rest}]`;
      const keys = Object.entries(JSON.parse(rest) as Fields).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
      return `[${keys.join(',')}]`;
    })
    .join('');
}

export function isEmpty(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

export function isMap(value: Value): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equal as JSON, whatever the order of keys. */
export function same(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) && left.length === right.length && left.every((value, index) => same(value, right[index]))
    );
  }
  if (!isMap(left) || !isMap(right)) return false;
  const names = namesOf(left, right);
  return names.every((name) => same(left[name], right[name]));
}

function isMember(set: FieldSet): boolean {
  return '.' in set || isEmpty(set);
}

function owned(metadata: Value): Value {
  if (!isMap(metadata)) return {};
  const out: Fields = {};
  for (const name of Object.keys(metadata)) if (!unowned.has(name)) out[name] = metadata[name];
  return out;
}

function namesOf(left: Fields, right: Fields): string[] {
  const names = Object.keys(left).filter((name) => left[name] !== undefined);
  for (const name of Object.keys(right)) {
    if (right[name] !== undefined && left[name] === undefined) names.push(name);
  }
  return names;
}
