import type { KubeObject, ResourceType } from './cluster.ts';

/** The order in which a server writes a built-in object's metadata. */
const metadataOrder = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const;

/**
 * An object as text. Built-in kinds begin with kind and apiVersion and keep their fields' order, custom ones have every
 * map sorted: as a real server writes them, and so that a list can cut off or replace the beginning without parsing.
 */
export function serialise(resource: ResourceType, object: KubeObject): string {
  if (resource.custom)
    return JSON.stringify(sorted({ ...object, apiVersion: versionOf(resource), kind: resource.kind }));
  const { kind: _kind, apiVersion: _version, metadata, ...rest } = object;
  const ordered: Record<string, unknown> = {};
  for (const name of metadataOrder) if (metadata[name] !== undefined) ordered[name] = metadata[name];
  if (isEmptyMap(ordered['labels'])) delete ordered['labels'];
  if (isEmptyMap(ordered['annotations'])) delete ordered['annotations'];
  return JSON.stringify({ kind: resource.kind, apiVersion: versionOf(resource), metadata: ordered, ...rest });
}

/** What `serialise` begins each text of this kind with. */
export function beginning(resource: ResourceType): string {
  return resource.custom
    ? `{"apiVersion":"${versionOf(resource)}","kind":"${resource.kind}",`
    : `{"kind":"${resource.kind}","apiVersion":"${versionOf(resource)}",`;
}

export function versionOf(resource: { group: string; version: string }): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

function isEmptyMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value);
  for (let at = 1; at < names.length; at++) {
    if ((names[at - 1] as string) <= (names[at] as string)) continue;
    names.sort();
    break;
  }
  const out: Record<string, unknown> = {};
  for (const name of names) out[name] = sorted((value as Record<string, unknown>)[name]);
  return out;
}
