// The part of OpenAPI v3 that our definitions use, in as few words as they can be said.

export type Schema = {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  properties?: Record<string, Schema>;
  required?: readonly string[];
  items?: Schema;
  enum?: readonly string[];
  pattern?: string;
  additionalProperties?: Schema;
  'x-kubernetes-preserve-unknown-fields'?: true;
  'x-kubernetes-int-or-string'?: true;
};

export const string: Schema = { type: 'string' };
export const integer: Schema = { type: 'integer' };
export const boolean: Schema = { type: 'boolean' };
export const anything: Schema = { 'x-kubernetes-preserve-unknown-fields': true };
export const openObject: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
export const stringMap: Schema = { type: 'object', additionalProperties: string };

/** Fields not named here are dropped, as a real server prunes them. A name that ends with `!` is required. */
export function object(fields: Record<string, Schema>): Schema {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const [name, schema] of Object.entries(fields)) {
    const bare = name.replace(/!$/, '');
    properties[bare] = schema;
    if (bare !== name) required.push(bare);
  }
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

/** As `object`, but fields not named here are kept. */
export function open(fields: Record<string, Schema>): Schema {
  return { ...object(fields), 'x-kubernetes-preserve-unknown-fields': true };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

export function oneOf(...values: string[]): Schema {
  return { type: 'string', enum: values };
}
