import { type Relation, type Row, scopeOf } from '../rows.ts';
import { keyOf } from '../values/order.ts';
import { aggregation } from './aggregation.ts';
import { createGroups } from './groups.ts';
import type { Operator } from './operator.ts';

export const summarize: Operator = (node, input, query, names) => {
  const from = input as Relation;
  const columns = node.columns ?? [];
  const scope = scopeOf(query, names, from.columns);
  const by = node.part('ByClause')?.items('Expressions') ?? [];
  const keys = by.map((one) => query.scalar(one, scope));
  const gathered = aggregation(node.items('Aggregates'), scope, by);
  function* rows(): Iterable<Row> {
    const groups = createGroups(
      keys.map(({ type }) => keyOf(type)),
      gathered.begin,
    );
    // Without groups there is one, also of no rows at all.
    if (keys.length === 0) groups.at([]);
    for (const row of from.rows()) groups.at(keys.map(({ run }) => run(row))).add(row);
    for (const { key, of } of groups.all()) yield [null, ...key, ...of.values()];
  }
  return { columns, rows };
};
