import type { KubeObject, ResourceType } from '../cluster.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Descriptions are long and kubectl does not show them: where a column brings none, its name says it. */
export function columnDefinitions(resource: ResourceType): object[] {
  return resource.columns.map((column) => ({
    name: column.name,
    type: column.type,
    format: column.format ?? '',
    description: column.description ?? column.name,
    priority: column.priority ?? 0,
  }));
}

export function tableRow(resource: ResourceType, object: KubeObject, now: number, include: IncludeObject): object {
  const cells = resource.columns.map((column) => column.cell(object, now) ?? null);
  if (include === 'None') return { cells, object: null };
  return { cells, object: include === 'Object' ? object : partialMetadata(object) };
}

export function table(columns: readonly object[] | null, rows: readonly object[], metadata: object): object {
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: columns, rows };
}

export function partialMetadata(object: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
