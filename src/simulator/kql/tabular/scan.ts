import type { DatabaseTable, KqlType, TableCell } from '../database.ts';
import type { Query, Relation, Row } from '../rows.ts';
import { conversion } from '../values/convert.ts';
import { parseDatetime } from '../values/ticks.ts';
import { nothing, type Value } from '../values/value.ts';

/** A table's rows, in order of ingestion, of which TimeGenerated lies within the timespan. */
export function scan(table: DatabaseTable, timespan: Query['timespan']): Relation {
  const readers = table.columns.map(({ name, type }) => ({ name, read: cellReader(type) }));
  const time = timespan ? table.columns.findIndex(({ name }) => name === 'TimeGenerated') : -1;
  const ingested = cellReader('datetime');
  function* rows(): Iterable<Row> {
    for (const { values, ingested: at } of table.rows()) {
      const moment = time >= 0 ? (readers[time]?.read(values.TimeGenerated) as bigint | null) : null;
      if (timespan && time >= 0 && (moment === null || moment < timespan[0] || moment > timespan[1])) continue;
      const row = new Array<Value>(readers.length + 1);
      row[0] = ingested(at);
      let slot = 1;
      for (const { name, read } of readers) row[slot++] = read(values[name]);
      yield row;
    }
  }
  return { columns: table.columns, rows, table: table.name };
}

function cellReader(type: KqlType): (cell: TableCell) => Value {
  const none = nothing(type);
  if (type === 'dynamic') return (cell) => (cell ?? null) as Value;
  if (type === 'string')
    return (cell) => (typeof cell === 'string' ? cell : cell === null || cell === undefined ? '' : String(cell));
  const fromText =
    type === 'datetime' ? rememberingLast(parseDatetime) : (conversion('string', type) as (value: Value) => Value);
  return (cell) => {
    if (cell === null || cell === undefined) return none;
    return typeof cell === 'string' ? fromText(cell) : (cell as Value);
  };
}

// Rows come in bursts with the same moment.
function rememberingLast(parse: (text: string) => Value): (text: Value) => Value {
  let last: unknown;
  let value: Value = null;
  return (text) => {
    if (text !== last) {
      last = text;
      value = parse(text as string);
    }
    return value;
  };
}
