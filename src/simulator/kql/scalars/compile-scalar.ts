import { kqlFunctions } from '../functions/kql-functions.ts';
import { lacking } from '../kql-error.ts';
import { constant, type Expression, isExpression, isRelation, noRow, type Scope } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import { conversion } from '../values/convert.ts';
import type { Value } from '../values/value.ts';
import { arithmetic, negated } from './arithmetic.ts';
import { between, comparison, logical, membership } from './comparison.ts';
import { literal } from './literal.ts';
import { member } from './member.ts';
import { ownCall } from './own-call.ts';
import { anyTerm, textMatch } from './text-match.ts';
import { windowCall } from './window-call.ts';

/** An expression as a closure over rows. Throws KqlError for what is not evaluated here. */
export function compileScalar(node: SyntaxNode, scope: Scope): Expression {
  const read = readers[node.kind];
  if (read) return fold(read(node, scope));
  if (node.kind.endsWith('LiteralExpression') || node.kind === 'DynamicExpression') return literal(node);
  const match = textMatch(node.kind);
  if (match) return overEveryColumn(node, scope, match);
  throw lacking(`'${node.text}'`);
}

type Read = (node: SyntaxNode, scope: Scope) => Expression;

const part = (node: SyntaxNode, name: string) => node.part(name) as SyntaxNode;
const inner: Read = (node, scope) => compileScalar(part(node, 'Expression'), scope);
type Pair = (left: Expression, right: Expression, node: SyntaxNode) => Expression;

const readers: Readonly<Record<string, Read>> = {
  ParenthesizedExpression: inner,
  SimpleNamedExpression: inner,
  BracketedExpression: inner,
  NameReference: name,
  FunctionCallExpression: call,
  ToScalarExpression: toScalar,
  PathExpression: path,
  ElementExpression: (node, scope) =>
    member(compileScalar(part(node, 'Expression'), scope), compileScalar(part(node, 'Selector'), scope)),
  UnaryMinusExpression: (node, scope) => negated(inner(node, scope)),
  UnaryPlusExpression: inner,
  AddExpression: (node, scope) => pair(node, scope, arithmetic('+')),
  SubtractExpression: (node, scope) => pair(node, scope, arithmetic('-')),
  MultiplyExpression: (node, scope) => pair(node, scope, arithmetic('*')),
  DivideExpression: (node, scope) => pair(node, scope, arithmetic('/')),
  ModuloExpression: (node, scope) => pair(node, scope, arithmetic('%')),
  AndExpression: (node, scope) => pair(node, scope, logical('and')),
  OrExpression: (node, scope) => pair(node, scope, logical('or')),
  EqualExpression: (node, scope) => overEveryColumn(node, scope, comparison('==')),
  NotEqualExpression: (node, scope) => pair(node, scope, comparison('!=')),
  LessThanExpression: (node, scope) => pair(node, scope, comparison('<')),
  LessThanOrEqualExpression: (node, scope) => pair(node, scope, comparison('<=')),
  GreaterThanExpression: (node, scope) => pair(node, scope, comparison('>')),
  GreaterThanOrEqualExpression: (node, scope) => pair(node, scope, comparison('>=')),
  InExpression: oneOf,
  InCsExpression: oneOf,
  NotInExpression: oneOf,
  NotInCsExpression: oneOf,
  HasAnyExpression: (node, scope) => inList(node, scope, anyTerm('any')),
  HasAllExpression: (node, scope) => inList(node, scope, anyTerm('all')),
  BetweenExpression: (node, scope) => range(node, scope, false),
  NotBetweenExpression: (node, scope) => range(node, scope, true),
};

function pair(node: SyntaxNode, scope: Scope, combine: Pair): Expression {
  return combine(compileScalar(part(node, 'Left'), scope), compileScalar(part(node, 'Right'), scope), node);
}

// `* has "x"`: one of the columns does.
function overEveryColumn(node: SyntaxNode, scope: Scope, combine: Pair): Expression {
  const left = part(node, 'Left');
  if (left.kind !== 'StarExpression') return pair(node, scope, combine);
  const right = compileScalar(part(node, 'Right'), scope);
  const each = scope.columns
    .filter(
      (column) =>
        conversion(column.type, right.type) &&
        (column.type === 'string' || column.type === 'dynamic' || right.type !== 'string'),
    )
    .map((column) => combine(columnOf(scope, column.name) as Expression, right, node));
  return { type: 'bool', run: (row) => each.some((one) => one.run(row) === true), constant: false };
}

function columnOf(scope: Scope, columnName: string): Expression | undefined {
  const slot = scope.slots.get(columnName);
  if (slot === undefined) return undefined;
  const { type } = scope.columns[slot - 1] as { type: Expression['type'] };
  return { type, run: (row) => row[slot] as Value, constant: false };
}

function name(node: SyntaxNode, scope: Scope): Expression {
  const known = node.symbol === 'ColumnSymbol' ? columnOf(scope, node.name) : scope.names.get(node.name);
  if (isExpression(known as Expression)) return known as Expression;
  throw lacking(`'${node.text}' as a scalar`);
}

function path(node: SyntaxNode, scope: Scope): Expression {
  const selector = part(node, 'Selector');
  const key = selector.kind === 'NameReference' ? constant('string', selector.name) : compileScalar(selector, scope);
  return member(compileScalar(part(node, 'Expression'), scope), key);
}

function inList(
  node: SyntaxNode,
  scope: Scope,
  combine: (left: Expression, list: readonly Expression[]) => Expression,
) {
  const list = part(node, 'Right').items('Expressions');
  return combine(
    compileScalar(part(node, 'Left'), scope),
    list.map((element) => listElement(element, scope)),
  );
}

// By the word that is written: what its kinds are called is no guide to which of them heeds case.
function oneOf(node: SyntaxNode, scope: Scope): Expression {
  const word = part(node, 'Operator').text;
  return inList(node, scope, membership(word.endsWith('~'), word.startsWith('!')));
}

// `in (T | project x)`: the values of the first column, as one dynamic array.
function listElement(node: SyntaxNode, scope: Scope): Expression {
  if (!node.columns && node.kind !== 'PipeExpression') return compileScalar(node, scope);
  const relation = scope.query.tabular(node, scope.names);
  const toDynamic = conversion(relation.columns[0]?.type ?? 'dynamic', 'dynamic') as (value: Value) => Value;
  const values: Value[] = [];
  for (const row of relation.rows()) values.push(toDynamic(row[1] as Value));
  return constant('dynamic', values as Value);
}

function range(node: SyntaxNode, scope: Scope, not: boolean): Expression {
  const couple = part(node, 'Right');
  const [left, first, second] = [part(node, 'Left'), part(couple, 'First'), part(couple, 'Second')].map((one) =>
    compileScalar(one, scope),
  );
  return between(left as Expression, first as Expression, second as Expression, not);
}

function call(node: SyntaxNode, scope: Scope): Expression {
  const callName = part(node, 'Name').name;
  const aggregated = scope.aggregate?.(node);
  if (aggregated) return aggregated;
  const own = scope.names.get(callName);
  if (own && !isExpression(own) && !isRelation(own)) return ownCall(node, own, scope);
  const window = windowCall(callName, node, scope);
  if (window) return window;
  const definition = Object.hasOwn(kqlFunctions, callName) ? kqlFunctions[callName] : undefined;
  if (!definition) throw lacking(`function '${callName}'`);
  const args = part(node, 'ArgumentList')
    .items('Expressions')
    .map((argument) => compileScalar(argument, scope));
  const type = node.type ?? 'dynamic';
  const run = definition({ name: callName, args, type, now: scope.query.now });
  return { type, run: type === 'string' ? (row) => run(row) ?? '' : run, constant: args.every((one) => one.constant) };
}

function toScalar(node: SyntaxNode, scope: Scope): Expression {
  const body = part(node, 'Expression');
  if (!body.columns && body.type) return compileScalar(body, scope);
  const relation = scope.query.tabular(body, scope.names);
  const [first] = relation.rows();
  const { type } = relation.columns[0] ?? { type: 'dynamic' as const };
  return constant(type, first ? (first[1] as Value) : type === 'string' ? '' : null);
}

// What is the same for all rows is computed now, and what is wrong with it is said before any row is read.
function fold(expression: Expression): Expression {
  return expression.constant ? constant(expression.type, expression.run(noRow)) : expression;
}
