import { isMap } from '../fields/field-set.ts';
import type { Schema } from '../resources/schema.ts';
import type { Models } from './models.ts';

/** Paths of fields a built-in kind does not have: `spec.containers[0].nope`. Removes them, as decoding does. */
export function dropUnknown(value: unknown, type: string, models: Models, path = ''): string[] {
  const list = /^Array<(.+)>$/.exec(type)?.[1];
  if (list !== undefined && Array.isArray(value)) {
    return value.flatMap((item, index) => dropUnknown(item, list, models, `${path}[${index}]`));
  }
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (map !== undefined && isMap(value)) {
    return Object.entries(value).flatMap(([name, item]) => dropUnknown(item, map, models, join(path, name)));
  }
  const fields = models.fields(type);
  if (fields === undefined || !isMap(value)) return [];
  return Object.keys(value).flatMap((name) => {
    const field = fields.find((one) => one.baseName === name);
    if (field !== undefined) return dropUnknown(value[name], field.type, models, join(path, name));
    delete value[name];
    return [join(path, name)];
  });
}

/** The same for a custom resource by its schema: fields that neither it nor a preserving parent knows are pruned. */
export function pruneUnknown(value: unknown, schema: Schema | undefined, path = ''): string[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => pruneUnknown(item, schema.items, `${path}[${index}]`));
  }
  if (!isMap(value)) return [];
  return Object.keys(value).flatMap((name) => {
    const known = schema.properties?.[name] ?? schema.additionalProperties;
    const always = path === '' && (name === 'apiVersion' || name === 'kind' || name === 'metadata');
    if (always) return [];
    if (known !== undefined) return pruneUnknown(value[name], known, join(path, name));
    if (schema['x-kubernetes-preserve-unknown-fields'] === true || schema.properties === undefined) return [];
    delete value[name];
    return [join(path, name)];
  });
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
