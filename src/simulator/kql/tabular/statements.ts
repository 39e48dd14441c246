import { lacking } from '../kql-error.ts';
import { type Expression, type Names, type OwnFunction, type Query, type Relation, scopeOf } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';

/** What `let` statements give names to, added to what had one before. */
export function statements(nodes: readonly SyntaxNode[], before: Names, query: Query): Names {
  const names = new Map(before);
  for (const node of nodes) {
    if (node.kind === 'LetStatement')
      names.set(node.part('Name')?.name ?? '', declared(node.part('Expression') as SyntaxNode, new Map(names), query));
    else if (node.kind !== 'SetOptionStatement' && node.kind !== 'ExpressionStatement')
      throw lacking(`statement '${node.text}'`);
  }
  return names;
}

function declared(node: SyntaxNode, names: Names, query: Query): Expression | Relation | OwnFunction {
  if (node.kind === 'FunctionDeclaration') return { declaration: node, names };
  return node.columns ? query.tabular(node, names) : query.scalar(node, scopeOf(query, names, []));
}
