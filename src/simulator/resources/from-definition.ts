import type { KubeObject, ResourceType } from '../cluster.ts';
import { ageOf } from './cells.ts';
import { cellOf } from './json-path.ts';

type PrinterColumn = {
  name: string;
  type: string;
  format?: string;
  description?: string;
  priority?: number;
  jsonPath: string;
};
type Version = {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema?: unknown };
  subresources?: { status?: object; scale?: object };
  additionalPrinterColumns?: PrinterColumn[];
};
type DefinitionSpec = {
  group: string;
  scope: string;
  names: { plural: string; singular?: string; kind: string; shortNames?: string[]; categories?: string[] };
  versions: Version[];
};

/** The kinds a CustomResourceDefinition makes a server serve: one for each served version. */
export function resourceTypesOf(definition: KubeObject): ResourceType[] {
  const spec = definition['spec'] as DefinitionSpec;
  const storage = spec.versions.find((version) => version.storage) ?? spec.versions[0];
  return spec.versions
    .filter((version) => version.served)
    .map((version) => ({
      group: spec.group,
      version: version.name,
      ...(storage === undefined || storage === version
        ? {}
        : { storedAs: { group: spec.group, version: storage.name } }),
      kind: spec.names.kind,
      plural: spec.names.plural,
      singular: spec.names.singular ?? spec.names.kind.toLowerCase(),
      shortNames: spec.names.shortNames ?? [],
      categories: spec.names.categories ?? [],
      namespaced: spec.scope === 'Namespaced',
      subresources: Object.keys(version.subresources ?? {}),
      columns: columnsOf(version),
      custom: true,
      schema: version.schema?.openAPIV3Schema,
    }));
}

function columnsOf(version: Version): ResourceType['columns'] {
  const name: ResourceType['columns'][number] = {
    name: 'Name',
    type: 'string',
    format: 'name',
    cell: (object) => object.metadata.name,
  };
  const columns = version.additionalPrinterColumns;
  if (columns === undefined || columns.length === 0) {
    return [name, { name: 'Age', type: 'date', format: '', cell: (object, now) => ageOf(object, now) }];
  }
  return [
    name,
    ...columns.map((column) => ({
      name: column.name,
      type: column.type,
      format: column.format ?? '',
      ...(column.description === undefined ? {} : { description: column.description }),
      priority: column.priority ?? 0,
      cell: (object: KubeObject, now: number) => cellOf(column, object, now),
    })),
  ];
}
