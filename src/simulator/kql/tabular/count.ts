import type { KqlType } from '../database.ts';
import { type Relation, type Row, scopeOf } from '../rows.ts';
import { keyOf } from '../values/order.ts';
import { createGroups } from './groups.ts';
import type { Operator } from './operator.ts';

export const count: Operator = (node, input) => ({
  columns: node.columns ?? [{ name: 'Count', type: 'long' }],
  rows() {
    let counted = 0;
    for (const _row of (input as Relation).rows()) counted++;
    return [[null, counted]];
  },
});

export const distinct: Operator = (node, input, query, names) => {
  const from = input as Relation;
  const columns = node.columns ?? from.columns;
  const scope = scopeOf(query, names, from.columns);
  const items = node.items('Expressions');
  const cells = items.some((item) => item.kind === 'StarExpression')
    ? from.columns.map((column, index) => ({ type: column.type, run: (row: Row) => row[index + 1] ?? null }))
    : items.map((item) => query.scalar(item, scope));
  function* rows(): Iterable<Row> {
    const groups = createGroups(
      cells.map(({ type }) => keyOf(type)),
      () => ({}),
    );
    for (const row of from.rows()) {
      const key = cells.map(({ run }) => run(row));
      const before = groups.size;
      groups.at(key);
      if (groups.size > before) yield [null, ...key];
    }
  }
  return { columns, rows };
};

const systemTypes: Record<KqlType, string> = {
  string: 'System.String',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  bool: 'System.SByte',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  guid: 'System.Guid',
  dynamic: 'System.Object',
};

export const getSchema: Operator = (node, input) => ({
  columns: node.columns ?? [],
  rows: () => (input as Relation).columns.map(({ name, type }, index) => [null, name, index, systemTypes[type], type]),
});
