import { type Evaluate, type Relation, type Row, scopeOf, type Window } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { Operator } from './operator.ts';
import { windowed } from './windowed.ts';

export const filter: Operator = (node, input, query, names) => {
  const from = input as Relation;
  const window: Window = { rows: [], at: 0, used: false };
  const { run } = query.scalar(node.part('Condition') as SyntaxNode, scopeOf(query, names, from.columns, { window }));
  return { columns: from.columns, rows: () => kept(window.used ? windowed(from.rows(), window) : from.rows(), run) };
};

function* kept(rows: Iterable<Row>, condition: Evaluate): Iterable<Row> {
  for (const row of rows) if (condition(row) === true) yield row;
}
