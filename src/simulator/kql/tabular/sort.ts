import type { KqlType } from '../database.ts';
import { type Evaluate, noRow, type Relation, type Row, type Scope, scopeOf } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import { comparer } from '../values/order.ts';
import type { Value } from '../values/value.ts';
import type { Operator } from './operator.ts';

export const sort: Operator = (node, input, query, names) => {
  const from = input as Relation;
  const compare = orders(node.items('Expressions'), scopeOf(query, names, from.columns));
  return { columns: from.columns, rows: () => [...from.rows()].sort(compare) };
};

export const top: Operator = (node, input, query, names) => {
  const from = input as Relation;
  const scope = scopeOf(query, names, from.columns);
  const most = Number(query.scalar(node.part('Expression') as SyntaxNode, scope).run(noRow));
  const compare = orders([node.part('ByExpression') as SyntaxNode], scope);
  return { columns: from.columns, rows: () => [...from.rows()].sort(compare).slice(0, most) };
};

export const take: Operator = (node, input, query, names) => {
  const from = input as Relation;
  const most = Number(query.scalar(node.part('Expression') as SyntaxNode, scopeOf(query, names, [])).run(noRow));
  return { columns: from.columns, rows: () => first(from.rows(), most) };
};

function* first(rows: Iterable<Row>, most: number): Iterable<Row> {
  let left = most;
  if (left <= 0) return;
  for (const row of rows) {
    yield row;
    if (--left <= 0) return;
  }
}

type Order = (a: Row, b: Row) => number;

// Descending where nothing is said; nulls are the smallest where nothing is said about them.
function orders(items: readonly SyntaxNode[], scope: Scope): Order {
  const each = items.map((item) => {
    const ordered = item.kind === 'OrderedExpression';
    const { run, type } = scope.query.scalar(ordered ? (item.part('Expression') as SyntaxNode) : item, scope);
    const clause = ordered ? item.part('Ordering') : undefined;
    const ascending = clause?.part('AscOrDescKeyword')?.text === 'asc';
    const nulls = clause?.part('NullsClause')?.part('FirstOrLastKeyword')?.text;
    return order(run, type, ascending, nulls ? nulls === 'first' : ascending);
  });
  return (a, b) => {
    for (const one of each) {
      const difference = one(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

function order(run: Evaluate, type: KqlType, ascending: boolean, nullsFirst: boolean): Order {
  const compare = comparer(type);
  return (a, b) => {
    const [x, y] = [run(a), run(b)];
    const [missingX, missingY] = [missing(x), missing(y)];
    if (missingX > 0 || missingY > 0) return (missingX - missingY) * (nullsFirst ? -1 : 1);
    return ascending ? compare(x, y) : compare(y, x);
  };
}

// Null stands at the very end, beside it NaN.
const missing = (value: Value) => (value === null ? 2 : Number.isNaN(value) ? 1 : 0);
