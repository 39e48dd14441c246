import { lacking } from '../kql-error.ts';
import { noRow, type Relation, type Row, scopeOf } from '../rows.ts';
import { kqlRegex } from '../scalars/kql-regex.ts';
import type { Column, SyntaxNode } from '../syntax.ts';
import { conversion, textOf } from '../values/convert.ts';
import { nothing, type Value } from '../values/value.ts';
import type { Operator } from './operator.ts';
import { parameter } from './parameter.ts';

export const parse: Operator = (node, input, query, names) => parsed(node, input as Relation, query, names, false);

/** Only the rows that have the pattern. */
export const parseWhere: Operator = (node, input, query, names) => parsed(node, input as Relation, query, names, true);

function parsed(
  node: SyntaxNode,
  from: Relation,
  query: Parameters<Operator>[2],
  names: Parameters<Operator>[3],
  only: boolean,
): Relation {
  const columns = node.columns ?? from.columns;
  const kind = parameter(node, 'kind') ?? 'simple';
  const source = query.scalar(node.part('Expression') as SyntaxNode, scopeOf(query, names, from.columns));
  const text = textOf(source.type);
  const found: Column[] = [];
  const pattern = node.items('Patterns').map((item) => {
    if (item.kind === 'StarExpression') return '.*?';
    const name = item.part('Name')?.name ?? item.name;
    const column = item.kind.endsWith('LiteralExpression') ? undefined : columns.find((one) => one.name === name);
    if (column) {
      found.push(column);
      return `(?<_${found.length}>${shapes[column.type] ?? '.*?'})`;
    }
    const literal = String(query.scalar(item, scopeOf(query, names, [])).run(noRow));
    return kind === 'regex' ? literal : literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  if (parameter(node, 'flags') !== undefined) throw lacking("operator 'parse' with flags");
  const regex = kqlRegex(`^${pattern.join('')}$`, 's');
  const cells = found.map((column) => ({
    slot: columns.findIndex((one) => one.name === column.name) + 1,
    convert: conversion('string', column.type) as (value: Value) => Value,
    type: column.type,
  }));

  function* rows(): Iterable<Row> {
    for (const row of from.rows()) {
      const match = regex.exec(text(source.run(row)));
      const values = cells.map(({ convert }, index) => (match ? convert(match.groups?.[`_${index + 1}`] ?? '') : null));
      // Strict: what has not the type of its column makes the whole row one that does not match.
      const failed = !match || (kind !== 'relaxed' && values.includes(null));
      if (failed && only) continue;
      const wide = [...row];
      cells.forEach(({ slot, type }, index) => {
        wide[slot] = failed ? nothing(type) : (values[index] as Value);
      });
      yield wide;
    }
  }
  return { columns, rows };
}

const shapes: Readonly<Record<string, string>> = { long: '\\s*[+-]?\\d+', int: '\\s*[+-]?\\d+' };
