import { lacking, semanticError } from '../kql-error.ts';
import { noRow, type Row, scopeOf } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import { conversion } from '../values/convert.ts';
import { nothing, type Value } from '../values/value.ts';
import type { Operator } from './operator.ts';

/** `datatable(a: int, b: string) [1, "x", …]`. */
export const dataTable: Operator = (node, _input, query, names) => {
  const columns = node.columns ?? [];
  const scope = scopeOf(query, names, []);
  const values = node.items('Values');
  if (columns.length === 0 || values.length % columns.length !== 0)
    throw semanticError('SEM0250', 'datatable: the number of values is no multiple of the number of columns');
  const rows: Value[][] = [];
  values.forEach((value, index) => {
    const column = columns[index % columns.length] as (typeof columns)[number];
    if (index % columns.length === 0) rows.push([null]);
    const cell = query.scalar(value, scope);
    const convert = conversion(cell.type, column.type);
    (rows.at(-1) as Value[]).push(convert?.(cell.run(noRow)) ?? nothing(column.type));
  });
  return { columns, rows: () => rows };
};

const mostRows = 10_000_000;

/** `range x from 1 to 5 step 1`. */
export const range: Operator = (node, _input, query, names) => {
  const columns = node.columns ?? [];
  const type = columns[0]?.type ?? 'long';
  const [from, to, step] = ['From', 'To', 'Step'].map((name) => {
    const one = query.scalar(node.part(name) as SyntaxNode, scopeOf(query, names, []));
    const into = type === 'datetime' && name === 'Step' ? 'timespan' : type;
    return conversion(one.type, into)?.(one.run(noRow)) ?? null;
  }) as [number, number, number];
  if (from === null || to === null || step === null) throw lacking("operator 'range' with a null");
  function* rows(): Iterable<Row> {
    if (Number(step) === 0) return;
    let [at, given] = [from, 0];
    for (; (step > 0 ? at <= to : at >= to) && given < mostRows; given++) {
      yield [null, at];
      // Both are numbers, or both are ticks.
      at = (at as number) + step;
    }
  }
  return { columns, rows };
};
