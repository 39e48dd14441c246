import { lacking } from '../kql-error.ts';
import { type Expression, noRow, type Scope, type Window } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import { type Conversion, conversion } from '../values/convert.ts';
import { nothing, type Value } from '../values/value.ts';

/** Functions that look at more than their arguments: at the row's own history and at its neighbours. undefined: not one. */
export function windowCall(name: string, node: SyntaxNode, scope: Scope): Expression | undefined {
  const read = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (!read) return undefined;
  const args = node.part('ArgumentList')?.items('Expressions') ?? [];
  return read(args, scope, node);
}

type Read = (args: readonly SyntaxNode[], scope: Scope, node: SyntaxNode) => Expression;

const calls: Readonly<Record<string, Read>> = {
  ingestion_time: () => ({ type: 'datetime', run: (row) => row[0] as Value, constant: false }),
  row_number: rowNumber,
  prev: (args, scope, node) => neighbour(args, scope, node, -1),
  next: (args, scope, node) => neighbour(args, scope, node, 1),
  column_ifexists: columnIfExists,
  pack_all: packAll,
};

function rowNumber(args: readonly SyntaxNode[], scope: Scope): Expression {
  const window = inOrder(scope, 'row_number');
  if (args.length > 1) throw lacking("function 'row_number' with a condition to begin again");
  const first = args[0] ? Number(scope.query.scalar(args[0], scope).run(noRow)) : 1;
  return { type: 'long', run: () => window.at + first, constant: false };
}

function neighbour(args: readonly SyntaxNode[], scope: Scope, node: SyntaxNode, way: 1 | -1): Expression {
  const window = inOrder(scope, way === 1 ? 'next' : 'prev');
  const [value, offset, fallback] = args.map((one) => scope.query.scalar(one, scope)) as [
    Expression,
    Expression?,
    Expression?,
  ];
  const type = node.type ?? value.type;
  return {
    type,
    run: (row) => {
      const other = window.rows[window.at + way * Number(offset?.run(row) ?? 1)];
      return other ? value.run(other) : (fallback?.run(row) ?? nothing(type));
    },
    constant: false,
  };
}

function columnIfExists(args: readonly SyntaxNode[], scope: Scope): Expression {
  const [name, fallback] = args as [SyntaxNode, SyntaxNode];
  const wanted = String(scope.query.scalar(name, scope).run(noRow));
  const slot = scope.slots.get(wanted);
  if (slot === undefined) return scope.query.scalar(fallback, scope);
  const type = scope.columns[slot - 1]?.type ?? 'dynamic';
  return { type, run: (row) => row[slot] as Value, constant: false };
}

function packAll(_args: readonly SyntaxNode[], scope: Scope): Expression {
  const each = scope.columns.map((column) => [column.name, conversion(column.type, 'dynamic') as Conversion] as const);
  return {
    type: 'dynamic',
    run: (row) =>
      Object.fromEntries(each.map(([name, convert], index) => [name, convert(row[index + 1] as Value)])) as Value,
    constant: false,
  };
}

function inOrder(scope: Scope, name: string): Window {
  if (!scope.window) throw lacking(`function '${name}' outside of extend, project and where`);
  scope.window.used = true;
  return scope.window;
}
