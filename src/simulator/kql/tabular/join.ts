import { lacking } from '../kql-error.ts';
import type { Names, Query, Relation, Row } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import { keyOf } from '../values/order.ts';
import { nothing, type Value } from '../values/value.ts';
import { createGroups } from './groups.ts';
import type { Operator } from './operator.ts';
import { parameter } from './parameter.ts';

export const join: Operator = (node, input, query, names) => {
  const kind = parameter(node, 'kind') ?? 'innerunique';
  const sides = bothSides(node, input as Relation, query, names, 'ConditionClause');
  const columns = node.columns ?? [];
  const produce = kinds[kind];
  if (!produce) throw lacking(`operator 'join' of kind '${kind}'`);
  return { columns, rows: () => produce(sides) };
};

/** The left rows with what the right knows about their keys. */
export const lookup: Operator = (node, input, query, names) => {
  const kind = parameter(node, 'kind') ?? 'leftouter';
  const sides = bothSides(node, input as Relation, query, names, 'LookupClause');
  const kept = sides.right.columns.flatMap((_, index) => (sides.rightKeys.includes(index + 1) ? [] : [index + 1]));
  if (kind !== 'leftouter' && kind !== 'inner') throw lacking(`operator 'lookup' of kind '${kind}'`);
  return { columns: node.columns ?? [], rows: () => pairs(sides, { left: kind === 'leftouter', right: false }, kept) };
};

type Sides = { left: Relation; right: Relation; leftKeys: readonly number[]; rightKeys: readonly number[] };

function bothSides(node: SyntaxNode, left: Relation, query: Query, names: Names, clause: string): Sides {
  const right = query.tabular(node.part('Expression') as SyntaxNode, names);
  const conditions = node.part(clause)?.items('Expressions') ?? [];
  if (conditions.length === 0) throw lacking(`operator 'join' without 'on'`);
  const keys = conditions.flatMap(equalities).map(([a, b]) => {
    const swapped = a.startsWith('$right.') || b.startsWith('$left.');
    const [own, other] = (swapped ? [b, a] : [a, b]).map((name) => name.replace(/^\$(left|right)\./, ''));
    return [slotOf(left, own as string), slotOf(right, other as string)] as const;
  });
  return { left, right, leftKeys: keys.map(([slot]) => slot), rightKeys: keys.map(([, slot]) => slot) };
}

// `on Name, $left.a == $right.b and …`.
function equalities(node: SyntaxNode): [string, string][] {
  if (node.kind === 'NameReference') return [[node.name, node.name]];
  const [left, right] = [node.part('Left'), node.part('Right')];
  if (node.kind === 'AndExpression' && left && right) return [...equalities(left), ...equalities(right)];
  if (node.kind === 'EqualExpression' && left && right) return [[pathName(left), pathName(right)]];
  if (node.kind === 'ParenthesizedExpression') return equalities(node.part('Expression') as SyntaxNode);
  throw lacking(`operator 'join' on '${node.text}'`);
}

function pathName(node: SyntaxNode): string {
  const [side, column] = [node.part('Expression'), node.part('Selector')];
  if (node.kind !== 'PathExpression' || !side || !column) throw lacking(`operator 'join' on '${node.text}'`);
  return `${side.text}.${column.name}`;
}

function slotOf(relation: Relation, name: string): number {
  const slot = relation.columns.findIndex((column) => column.name === name) + 1;
  if (slot === 0) throw lacking(`operator 'join' on '${name}'`);
  return slot;
}

const every = (columns: Relation['columns']) => columns.map((_, index) => index + 1);
const inner = (sides: Sides) => pairs(sides, { left: false, right: false });
const matched = (sides: Sides, wanted: boolean) =>
  some(sides.left, sides.leftKeys, sides.right, sides.rightKeys, wanted);
const matching = (sides: Sides, wanted: boolean) =>
  some(sides.right, sides.rightKeys, sides.left, sides.leftKeys, wanted);

const kinds: Readonly<Record<string, (sides: Sides) => Iterable<Row>>> = {
  inner,
  innerunique: (sides) => inner({ ...sides, left: oneEach(sides.left, sides.leftKeys) }),
  leftouter: (sides) => pairs(sides, { left: true, right: false }),
  rightouter: (sides) => pairs(sides, { left: false, right: true }),
  fullouter: (sides) => pairs(sides, { left: true, right: true }),
  leftanti: (sides) => matched(sides, false),
  leftantisemi: (sides) => matched(sides, false),
  anti: (sides) => matched(sides, false),
  leftsemi: (sides) => matched(sides, true),
  rightanti: (sides) => matching(sides, false),
  rightantisemi: (sides) => matching(sides, false),
  rightsemi: (sides) => matching(sides, true),
};

type Found = { rows: Row[]; met: boolean };

function* pairs(
  sides: Sides,
  outer: { left: boolean; right: boolean },
  kept = every(sides.right.columns),
): Iterable<Row> {
  const known = indexed(sides.right, sides.rightKeys);
  const emptyRight = kept.map((slot) => nothing(sides.right.columns[slot - 1]?.type ?? 'dynamic'));
  for (const row of sides.left.rows()) {
    const found = known.get(keyAt(row, sides.leftKeys));
    const base = [null, ...row.slice(1)];
    if (found) {
      found.met = true;
      for (const other of found.rows) yield [...base, ...kept.map((slot) => other[slot] as Value)];
    } else if (outer.left) yield [...base, ...emptyRight];
  }
  if (!outer.right) return;
  const emptyLeft = sides.left.columns.map((column) => nothing(column.type));
  for (const { rows, met } of known.rest())
    if (!met) for (const row of rows) yield [null, ...emptyLeft, ...kept.map((slot) => row[slot] as Value)];
}

function* some(
  of: Relation,
  ofKeys: readonly number[],
  others: Relation,
  otherKeys: readonly number[],
  wanted: boolean,
): Iterable<Row> {
  const known = indexed(others, otherKeys);
  for (const row of of.rows())
    if ((known.get(keyAt(row, ofKeys)) !== undefined) === wanted) yield [null, ...row.slice(1)];
}

function oneEach(relation: Relation, keys: readonly number[]): Relation {
  return {
    columns: relation.columns,
    *rows() {
      const groups = createGroups(
        keys.map((slot) => keyOf(relation.columns[slot - 1]?.type ?? 'dynamic')),
        () => ({}),
      );
      for (const row of relation.rows()) {
        const before = groups.size;
        groups.at(keyAt(row, keys));
        if (groups.size > before) yield row;
      }
    },
  };
}

const keyAt = (row: Row, slots: readonly number[]) => slots.map((slot) => row[slot] as Value);

// A key that is null meets nothing, not even another null.
function indexed(relation: Relation, keys: readonly number[]) {
  const groups = createGroups<Found>(
    keys.map((slot) => keyOf(relation.columns[slot - 1]?.type ?? 'dynamic')),
    () => ({ rows: [], met: false }),
  );
  const lost: Found = { rows: [], met: false };
  for (const row of relation.rows()) {
    const key = keyAt(row, keys);
    (key.includes(null) ? lost : groups.at(key)).rows.push(row);
  }
  return {
    get: (key: readonly Value[]): Found | undefined => (key.includes(null) ? undefined : groups.find(key)),
    rest: (): readonly Found[] => [...groups.all().map(({ of }) => of), lost],
  };
}
