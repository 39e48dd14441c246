import { lacking } from '../kql-error.ts';
import { constant, type Expression, isRelation, type Relation, type Row, type Scope, scopeOf } from '../rows.ts';
import { logical } from '../scalars/comparison.ts';
import { textMatch } from '../scalars/text-match.ts';
import type { Column, SyntaxNode } from '../syntax.ts';
import { nothing, type Value } from '../values/value.ts';
import type { Operator } from './operator.ts';
import { tableNamed } from './table-named.ts';

/** Rows in which some column has the term, of the input or of the tables that are named; `$table` says whose they are. */
export const search: Operator = (node, input, query, names) => {
  const columns = node.columns ?? [];
  const named = node.part('InClause')?.items('Expressions') ?? [];
  const parts = input
    ? [input]
    : named.length > 0
      ? named.map((one) => query.tabular(one, names))
      : query.database.tables.map(({ name }) => tableNamed(name, query));
  if (node.items('Parameters').length > 0) throw lacking("operator 'search' with a kind");
  const each = parts.filter(isRelation).map((relation) => ({
    relation,
    condition: searched(node.part('Condition') as SyntaxNode, scopeOf(query, names, relation.columns)),
    slots: columns.map(
      (column) => relation.columns.findIndex((own) => own.name === column.name && own.type === column.type) + 1,
    ),
  }));
  function* rows(): Iterable<Row> {
    for (const { relation, condition, slots } of each)
      for (const row of relation.rows())
        if (condition.run(row) === true)
          yield [
            row[0] ?? null,
            ...columns.map((column, index) => cell(row, slots[index] as number, column, relation)),
          ];
  }
  return { columns, rows };
};

function cell(row: Row, slot: number, column: Column, relation: Relation): Value {
  if (slot > 0) return row[slot] as Value;
  return column.name === '$table' ? (relation.table ?? '') : nothing(column.type);
}

// A bare text is a term that any column may have.
function searched(node: SyntaxNode, scope: Scope): Expression {
  const [left, right] = [node.part('Left'), node.part('Right')];
  if (left && right && (node.kind === 'AndExpression' || node.kind === 'OrExpression'))
    return logical(node.kind === 'AndExpression' ? 'and' : 'or')(searched(left, scope), searched(right, scope));
  if (node.kind === 'ParenthesizedExpression') return searched(node.part('Expression') as SyntaxNode, scope);
  if (node.kind !== 'StringLiteralExpression') return scope.query.scalar(node, scope);
  const term = String(scope.query.scalar(node, scope).run([]));
  if (term === '*') return constant('bool', true);
  const kind =
    term.endsWith('*') && term.startsWith('*')
      ? 'Contains'
      : term.endsWith('*')
        ? 'HasPrefix'
        : term.startsWith('*')
          ? 'HasSuffix'
          : 'Has';
  const match = textMatch(`${kind}Expression`);
  const needle = constant('string', term.replace(/^\*|\*$/g, ''));
  const each = scope.columns.map(({ type }, index) =>
    match?.({ type, run: (row) => row[index + 1] as Value, constant: false }, needle),
  );
  return { type: 'bool', run: (row) => each.some((one) => one?.run(row) === true), constant: false };
}
