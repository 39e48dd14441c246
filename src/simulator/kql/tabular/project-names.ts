import { lacking } from '../kql-error.ts';
import type { Relation, Row } from '../rows.ts';
import type { Column } from '../syntax.ts';
import type { Value } from '../values/value.ts';
import type { Operator } from './operator.ts';

/** `project-away`, `-keep` and `-reorder`: analysis says which columns are left, and in what order. */
export const projectAway: Operator = (node, input) => picked(input as Relation, node.columns ?? [], new Map());

export const projectRename: Operator = (node, input) => {
  const renamed = new Map<string, string>();
  for (const item of node.items('Expressions')) {
    const [name, column] = [item.part('Name')?.name, item.part('Expression')?.name];
    if (!name || !column) throw lacking(`'${item.text}'`);
    renamed.set(name, column);
  }
  return picked(input as Relation, node.columns ?? [], renamed);
};

function picked(from: Relation, columns: readonly Column[], renamed: ReadonlyMap<string, string>): Relation {
  const slots = columns.map(({ name }) => {
    const own = renamed.get(name) ?? name;
    const slot = from.columns.findIndex((column) => column.name === own) + 1;
    if (slot === 0) throw lacking(`column '${own}'`);
    return slot;
  });
  function* rows(): Iterable<Row> {
    for (const row of from.rows()) yield [row[0] ?? null, ...slots.map((slot) => row[slot] as Value)];
  }
  return { columns, rows };
}
