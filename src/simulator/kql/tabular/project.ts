import { lacking } from '../kql-error.ts';
import {
  type Evaluate,
  type Names,
  noRow,
  type Query,
  type Relation,
  type Row,
  scopeOf,
  type Window,
} from '../rows.ts';
import type { Column, SyntaxNode } from '../syntax.ts';
import { conversion } from '../values/convert.ts';
import type { Value } from '../values/value.ts';
import type { Operator } from './operator.ts';
import { placed } from './placed.ts';
import { windowed } from './windowed.ts';

export const project: Operator = (node, input, query, names) => {
  const from = input as Relation;
  const window: Window = { rows: [], at: 0, used: false };
  const columns = node.columns ?? [];
  const cells = each(node, query, names, from.columns, window);
  if (cells.length !== columns.length) throw lacking(`'${node.text}'`);
  const runs = cells.map(({ run, type }, index) => fitted(run, type, columns[index] as Column));
  return { columns, rows: () => mapped(from, window, (row) => [row[0] ?? null, ...runs.map((run) => run(row))]) };
};

export const print: Operator = (node, _input, query, names) => {
  const columns = node.columns ?? [];
  const cells = each(node, query, names, [], { rows: [], at: 0, used: false });
  return { columns, rows: () => [[null, ...cells.map(({ run }) => run(noRow))]] };
};

/** Also `serialize`. What has the name of a column replaces it, everything else is added at the end. */
export const extend: Operator = (node, input, query, names) => {
  const from = input as Relation;
  const window: Window = { rows: [], at: 0, used: false };
  const columns = node.columns ?? from.columns;
  const places = placed(node.items('Expressions'), from.columns, columns);
  const cells = each(node, query, names, from.columns, window).map(({ run, type }, index) => {
    const { slot, column } = places[index] as (typeof places)[number];
    return { slot, run: fitted(run, type, column) };
  });
  const compute = (row: Row): Row => {
    const wide = [...row];
    for (const { slot, run } of cells) wide[slot] = run(row);
    return wide;
  };
  return { columns, rows: () => mapped(from, window, compute) };
};

function each(node: SyntaxNode, query: Query, names: Names, columns: readonly Column[], window: Window) {
  const scope = scopeOf(query, names, columns, { window });
  return node.items('Expressions').map((item) => {
    if (item.kind === 'CompoundNamedExpression' || item.kind === 'StarExpression') throw lacking(`'${item.text}'`);
    return query.scalar(item, scope);
  });
}

function fitted(run: Evaluate, type: Column['type'], column: Column): Evaluate {
  const convert = conversion(type, column.type);
  return type === column.type || !convert ? run : (row) => convert(run(row)) as Value;
}

function* mapped(from: Relation, window: Window, compute: (row: Row) => Row): Iterable<Row> {
  for (const row of window.used ? windowed(from.rows(), window) : from.rows()) yield compute(row);
}
