import { lacking } from '../kql-error.ts';
import { type Expression, noRow, type Relation, type Row, scopeOf } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import { type Conversion, conversion } from '../values/convert.ts';
import { keyOf } from '../values/order.ts';
import type { Value } from '../values/value.ts';
import { aggregation } from './aggregation.ts';
import { createGroups } from './groups.ts';
import type { Operator } from './operator.ts';

const mostPoints = 1_048_576;

/** A row a group with an array for each aggregate, a point for each step from `from` up to, not including, `to`. */
export const makeSeries: Operator = (node, input, query, names) => {
  const from = input as Relation;
  const columns = node.columns ?? [];
  const scope = scopeOf(query, names, from.columns);
  const clause = node.part('RangeClause');
  const bound = (name: string) => {
    const expression = clause?.part(`MakeSeries${name}Clause`)?.part('Expression');
    if (!expression) throw lacking(`operator 'make-series' without '${name.toLowerCase()}'`);
    return query.scalar(expression, scope).run(noRow) as number;
  };
  const axis = query.scalar(node.part('OnClause')?.part('Expression') as SyntaxNode, scope);
  const [first, last, step] = [bound('From'), bound('To'), bound('Step')];
  if (first === null || last === null || !(step > 0)) throw lacking("operator 'make-series' with this range");
  const points: number[] = [];
  for (let at = first; at < last && points.length < mostPoints; at += step) points.push(at);
  const by = node.part('ByClause')?.items('Expressions') ?? [];
  const keys = by.map((one) => query.scalar(one, scope));
  const items = node.items('Aggregates');
  const gathered = aggregation(
    items.map((item) => item.part('Expression') as SyntaxNode),
    scope,
    by,
  );
  const toDynamic = (type: Expression['type']) => conversion(type, 'dynamic') as Conversion;
  const defaults = items.map((item) => {
    const written = item.part('DefaultExpression')?.part('Expression');
    return written ? (query.scalar(written, scope).run(noRow) as Value) : 0;
  });

  function* rows(): Iterable<Row> {
    const groups = createGroups(
      keys.map(({ type }) => keyOf(type)),
      () => points.map(() => undefined as ReturnType<typeof gathered.begin> | undefined),
    );
    for (const row of from.rows()) {
      const at = axis.run(row) as number | null;
      if (at === null || at < first || at >= last) continue;
      const series = groups.at(keys.map(({ run }) => run(row)));
      const index = Number((at - first) / step);
      const point = Math.floor(index);
      series[point] ??= gathered.begin();
      series[point].add(row);
    }
    const axisValues = points.map((point) => toDynamic(axis.type)(point)) as Value;
    for (const { key, of } of groups.all()) {
      const values = of.map((gathering) => gathering?.values());
      const arrays = items.map((item, index) => {
        const convert = toDynamic((item.part('Expression') as SyntaxNode).type ?? 'dynamic');
        return values.map((point) => (point ? convert(point[index] as Value) : defaults[index])) as Value;
      });
      yield [null, ...key, ...arrays, axisValues];
    }
  }
  return { columns, rows };
};
