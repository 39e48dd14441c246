import { lacking } from '../kql-error.ts';
import type { Query, Relation } from '../rows.ts';
import { scan } from './scan.ts';

/** A table of the workspace. */
export function tableNamed(name: string, query: Query): Relation {
  const table = query.database.tables.find((one) => one.name === name);
  if (!table) throw lacking(`'${name}' as a table`);
  return scan(table, query.timespan);
}
