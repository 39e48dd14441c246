import { lacking } from '../kql-error.ts';
import type { Expression, Names, OwnFunction, Relation, Scope } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import { statements } from '../tabular/statements.ts';

/** A call of a function that the query declared with `let`, where it gives a scalar: its parameters are expressions over the row. */
export function ownCall(node: SyntaxNode, own: OwnFunction, scope: Scope): Expression {
  const body = bodyOf(node, own);
  const names = statements(body.items('Statements'), bind(node, own, scope), scope.query);
  return scope.query.scalar(body.part('Expression') as SyntaxNode, { ...scope, names });
}

/** The same where it gives a table: its scalar parameters must be known before any row is. */
export function ownTable(node: SyntaxNode, own: OwnFunction, scope: Scope): Relation {
  const body = bodyOf(node, own);
  const names = statements(body.items('Statements'), bind(node, own, scope), scope.query);
  return scope.query.tabular(body.part('Expression') as SyntaxNode, names);
}

function bodyOf(node: SyntaxNode, own: OwnFunction): SyntaxNode {
  return node.calledBody() ?? (own.declaration.part('Body') as SyntaxNode);
}

function bind(node: SyntaxNode, own: OwnFunction, scope: Scope): Names {
  const names = new Map(own.names);
  const args = node.part('ArgumentList')?.items('Expressions') ?? [];
  const parameters = own.declaration.part('Parameters')?.items('Parameters') ?? [];
  parameters.forEach((parameter, index) => {
    const declared = parameter.part('NameAndType');
    const name = declared?.part('Name')?.name ?? '';
    const named = args.find((one) => one.kind === 'SimpleNamedExpression' && one.part('Name')?.name === name);
    const value = named?.part('Expression') ?? args[index] ?? parameter.part('DefaultValue')?.part('Value');
    if (!value) throw lacking(`parameter '${name}' without a value`);
    const tabular = declared?.part('Type')?.kind === 'SchemaTypeExpression';
    names.set(name, tabular ? scope.query.tabular(value, scope.names) : scope.query.scalar(value, scope));
  });
  return names;
}
