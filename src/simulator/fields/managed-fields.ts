import type { KubeObject, ResourceType } from '../cluster.ts';
import { compare, type FieldSet, fieldsOf, isEmpty, subtract, union } from './field-set.ts';
import { builtInLists, customLists, type ListRules } from './list-keys.ts';

/** One entry of metadata.managedFields. */
export type ManagedFields = {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time?: string;
  fieldsType: 'FieldsV1';
  fieldsV1: FieldSet;
  subresource?: string;
};

export function listsOf(resource: { custom: boolean }): ListRules {
  return resource.custom ? customLists : builtInLists;
}

/** Who wrote what after a create or an update by `manager`; undefined when nothing that can be owned changed. */
export function afterUpdate(
  resource: ResourceType,
  before: KubeObject | undefined,
  after: KubeObject,
  by: { manager: string; subresource: string; time: string },
): ManagedFields[] | undefined {
  const lists = listsOf(resource);
  const apiVersion = after.apiVersion;
  const entry = (fieldsV1: FieldSet): ManagedFields => ({
    manager: by.manager,
    operation: 'Update',
    apiVersion,
    time: by.time,
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(by.subresource === '' ? {} : { subresource: by.subresource }),
  });
  if (before === undefined) {
    const given = (after.metadata.managedFields ?? []) as ManagedFields[];
    if (given.length > 0) return given;
    const fields = fieldsOf(after, lists, resource.custom);
    const status = fields['f:status'];
    if (status === undefined || !resource.subresources.includes('status'))
      return isEmpty(fields) ? [] : [entry(fields)];
    // Only a status subresource can have written a status.
    const rest = without(fields, 'f:status');
    const written: ManagedFields = { ...entry({ 'f:status': status }), subresource: 'status' };
    return isEmpty(rest) ? [written] : [entry(rest), written];
  }
  const { changed, removed } = compare(before, after, lists, resource.custom);
  if (isEmpty(changed) && isEmpty(removed)) return undefined;
  const out: ManagedFields[] = [];
  let mine = entry(changed);
  for (const other of managersOf(before)) {
    const left = subtract(subtract(other.fieldsV1, removed, true), changed);
    const own =
      other.operation === 'Update' && other.manager === by.manager && (other.subresource ?? '') === by.subresource;
    if (own) mine = entry(union(left, changed));
    else if (!isEmpty(left)) out.push({ ...other, fieldsV1: left });
  }
  if (!isEmpty(mine.fieldsV1)) out.push(mine);
  return out;
}

export function managersOf(object: KubeObject): ManagedFields[] {
  return (object.metadata.managedFields ?? []) as ManagedFields[];
}

function without(fields: FieldSet, element: string): FieldSet {
  const { [element]: _, ...rest } = fields;
  return rest;
}
