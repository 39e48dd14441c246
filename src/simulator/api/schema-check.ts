import type { Cause } from '../api-error.ts';
import { isMap } from '../fields/field-set.ts';
import type { Schema } from '../resources/schema.ts';

/** What of a custom resource its schema refuses, in the words of apiextensions' validation. */
export function checkSchema(value: unknown, schema: Schema, path = ''): Cause[] {
  if (value === null) return schema.type === undefined ? [] : [wrongType(path, 'null', schema.type)];
  const type = typeOf(value);
  if (schema.type !== undefined && type !== schema.type && !(schema.type === 'number' && type === 'integer')) {
    return [wrongType(path, type, schema.type)];
  }
  if (schema.enum !== undefined && !schema.enum.includes(String(value))) {
    const supported = schema.enum.map((one) => JSON.stringify(one)).join(', ');
    const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
    return [{ reason: 'FieldValueNotSupported', message, field: path }];
  }
  if (schema.pattern !== undefined && typeof value === 'string' && !new RegExp(schema.pattern).test(value)) {
    const message = `Invalid value: ${JSON.stringify(value)}: ${path} in body should match '${schema.pattern}'`;
    return [{ reason: 'FieldValueInvalid', message, field: path }];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      schema.items === undefined ? [] : checkSchema(item, schema.items, `${path}[${index}]`),
    );
  }
  if (!isMap(value)) return [];
  const missing = (schema.required ?? [])
    .filter((name) => value[name] === undefined)
    .map((name) => ({ reason: 'FieldValueRequired', message: 'Required value', field: join(path, name) }));
  const inside = Object.keys(value).flatMap((name) => {
    const known = schema.properties?.[name] ?? schema.additionalProperties;
    return known === undefined ? [] : checkSchema(value[name], known, join(path, name));
  });
  return [...inside, ...missing];
}

function wrongType(path: string, is: string, should: string): Cause {
  const message = `Invalid value: ${JSON.stringify(is)}: ${path} in body must be of type ${should}: ${JSON.stringify(is)}`;
  return { reason: 'FieldValueTypeInvalid', message, field: path };
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
