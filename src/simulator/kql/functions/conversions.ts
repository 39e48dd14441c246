import type { KqlType } from '../database.ts';
import type { Expression } from '../rows.ts';
import { isArray, parseJson } from '../values/json.ts';
import type { Dynamic, Value } from '../values/value.ts';
import { converted, type KqlFunction, pure } from './kql-function.ts';

const to =
  (type: KqlType): KqlFunction =>
  ({ name, args }) =>
    converted(name, args[0] as Expression, type);

// Of a text its JSON; what is dynamic already stays, unless it is a text itself.
const toDynamic: KqlFunction = ({ args }) => {
  const { run } = args[0] as Expression;
  return (row) => {
    const value = run(row);
    return typeof value === 'string' ? (value === '' ? null : parseJson(value)) : value;
  };
};

const typeName: KqlFunction = ({ args }) => {
  const { type, run } = args[0] as Expression;
  if (type !== 'dynamic') return () => type;
  return (row) => nameOf(run(row) as Dynamic);
};

const toHex: KqlFunction = (call) => {
  const bits = call.args[0]?.type === 'int' ? 32 : 64;
  const write = pure(['long', 'long'], (value, length) =>
    BigInt.asUintN(bits, BigInt(value))
      .toString(16)
      .padStart(Number(length ?? 1), '0'),
  );
  return write(call);
};

export const conversionFunctions: Readonly<Record<string, KqlFunction>> = {
  tostring: to('string'),
  toint: to('int'),
  tolong: to('long'),
  toreal: to('real'),
  todouble: to('real'),
  todecimal: to('decimal'),
  tobool: to('bool'),
  toboolean: to('bool'),
  todatetime: to('datetime'),
  totimespan: to('timespan'),
  toguid: to('guid'),
  parse_json: toDynamic,
  parsejson: toDynamic,
  todynamic: toDynamic,
  toobject: toDynamic,
  gettype: typeName,
  tohex: toHex,
  tolower: pure(['string'], (text) => text.toLowerCase()),
  toupper: pure(['string'], (text) => text.toUpperCase()),
};

function nameOf(value: Dynamic): Value {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  if (typeof value === 'object') return 'dictionary';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return typeof value === 'bigint' || Number.isInteger(value) ? 'long' : 'double';
}
