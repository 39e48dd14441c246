import { lacking } from '../kql-error.ts';
import { isRelation, type Names, type Query, type Relation, type Row } from '../rows.ts';
import type { Column, SyntaxNode } from '../syntax.ts';
import { nothing, type Value } from '../values/value.ts';
import type { Operator } from './operator.ts';
import { parameter } from './parameter.ts';
import { tableNamed } from './table-named.ts';

/** All rows of the first, then all of the second, …; what a relation has no column for is null. */
export const union: Operator = (node, input, query, names) => {
  const columns = node.columns ?? [];
  const source = parameter(node, 'withsource') ?? parameter(node, 'with_source');
  const parts = [
    ...(input ? [input] : []),
    ...node.items('Expressions').flatMap((one) => relations(one, query, names)),
  ];
  // Analysis gives what any of them has: with what only all have, everything after it would be about other columns.
  if (
    parameter(node, 'kind') === 'inner' &&
    parts.some((one) => columns.some((own) => own.name !== source && slotFor(own, one) === 0))
  )
    throw lacking("operator 'union' of kind 'inner' over tables with different columns");
  const each = parts.map((relation, index) => ({
    relation,
    label: relation.table ?? `union_arg${index}`,
    slots: columns.map((column) => (column.name === source ? -1 : slotFor(column, relation))),
  }));
  function* rows(): Iterable<Row> {
    for (const { relation, label, slots } of each)
      for (const row of relation.rows())
        yield [
          row[0] ?? null,
          ...slots.map((slot, index) =>
            slot < 0 ? label : slot === 0 ? nothing((columns[index] as Column).type) : (row[slot] as Value),
          ),
        ];
  }
  return { columns, rows };
};

// A wildcard is several tables; what isfuzzy tolerates and nobody knows is none.
function relations(node: SyntaxNode, query: Query, names: Names): readonly Relation[] {
  if (node.kind === 'ParenthesizedExpression') return relations(node.part('Expression') as SyntaxNode, query, names);
  if (node.members.length > 0)
    return node.members.flatMap((name) => {
      const own = names.get(name);
      return [isRelation(own) ? own : tableNamed(name, query)];
    });
  if (node.kind === 'NameReference' && node.symbol === '') return [];
  return [query.tabular(node, names)];
}

// Columns of one name and several types come apart as `x_long` and `x_string`.
function slotFor(column: Column, relation: Relation): number {
  const find = (test: (own: Column) => boolean) => relation.columns.findIndex(test) + 1;
  return (
    find((own) => own.name === column.name && own.type === column.type) ||
    find((own) => `${own.name}_${own.type}` === column.name && own.type === column.type)
  );
}
