import type { KubeObject, ResourceType } from '../cluster.ts';
import { ageOf } from './cells.ts';

type Column = ResourceType['columns'][number];

/** A built-in kind in few words. `path` is group/version, '/v1' for core. */
export function builtIn(
  path: string,
  kind: string,
  plural: string,
  rest: Partial<
    Pick<ResourceType, 'shortNames' | 'categories' | 'namespaced' | 'subresources' | 'columns' | 'storedAs'>
  >,
): ResourceType {
  const [group = '', version = ''] = path.split('/');
  return {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: [],
    namespaced: true,
    subresources: [],
    columns: [name, age],
    custom: false,
    ...rest,
  };
}

export const name: Column = { name: 'Name', type: 'string', format: 'name', cell: (object) => object.metadata.name };
export const age: Column = { name: 'Age', type: 'string', cell: (object, now) => ageOf(object, now) };

export function text(title: string, cell: Column['cell'], priority = 0): Column {
  return { name: title, type: 'string', priority, cell };
}

export function count(title: string, cell: (object: KubeObject) => unknown): Column {
  return { name: title, type: 'integer', cell };
}
