import type { KqlType } from '../database.ts';
import { type Evaluate, noRow, type Relation, type Row, scopeOf } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import { conversion } from '../values/convert.ts';
import { isArray, isBag } from '../values/json.ts';
import { type Dynamic, isNumber, nothing, type Value } from '../values/value.ts';
import type { Operator } from './operator.ts';
import { parameter } from './parameter.ts';
import { placed } from './placed.ts';

/** A row for each element, several columns side by side; null gives one row, an empty array none. */
export const mvExpand: Operator = (node, input, query, names) => {
  const from = input as Relation;
  const columns = node.columns ?? [];
  const scope = scopeOf(query, names, from.columns);
  const asArrays = [parameter(node, 'kind'), parameter(node, 'bagexpansion')].includes('array');
  const indexName = parameter(node, 'with_itemindex');
  const indexSlot = columns.findIndex((column) => column.name === indexName) + 1;
  const limitNode = node.part('RowLimitClause')?.part('RowLimit');
  const limit = limitNode ? Number(query.scalar(limitNode, scope).run(noRow)) : Infinity;
  const values = node.items('Expressions').map((item) => item.part('Expression') as SyntaxNode);
  const places = placed(values, from.columns, columns);
  const expanded = values.map((value, index) => {
    const { slot, column } = places[index] as (typeof places)[number];
    return { slot, run: query.scalar(value, scope).run, cast: castTo(column.type) };
  });
  const kept = columns.map((column) => from.columns.findIndex((own) => own.name === column.name) + 1);

  function* rows(): Iterable<Row> {
    for (const row of from.rows()) {
      const lists = expanded.map(({ run }) => elements(run, row, asArrays));
      const longest = Math.min(limit, Math.max(...lists.map((list) => list.length)));
      for (let index = 0; index < longest; index++) {
        const wide: Value[] = [row[0] ?? null, ...kept.map((slot) => (slot ? (row[slot] as Value) : null))];
        expanded.forEach(({ slot, cast }, which) => {
          wide[slot] = cast(lists[which]?.[index] ?? null);
        });
        if (indexSlot > 0) wide[indexSlot] = index;
        yield wide;
      }
    }
  }
  return { columns, rows };
};

function elements(run: Evaluate, row: Row, asArrays: boolean): readonly Dynamic[] {
  const value = run(row) as Dynamic;
  if (isArray(value)) return value;
  if (!isBag(value)) return [value];
  return Object.entries(value).map(([key, one]) => (asArrays ? [key, one] : { [key]: one }));
}

// A cast, no conversion: the text "5" is no long.
function castTo(type: KqlType): (value: Dynamic) => Value {
  if (type === 'dynamic') return (value) => value;
  const convert = conversion('dynamic', type) as (value: Value) => Value;
  return (value) => (isNumber(type) && typeof value === 'string' ? nothing(type) : convert(value));
}
