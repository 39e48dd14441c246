import type { Names, Query, Relation } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';

/** An operator after a bar has an input; at the head of a query it has none. */
export type Operator = (node: SyntaxNode, input: Relation | undefined, query: Query, names: Names) => Relation;
