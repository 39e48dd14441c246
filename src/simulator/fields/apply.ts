import { ApiError } from '../api-error.ts';
import type { KubeObject, ResourceType } from '../cluster.ts';
import {
  elementOf,
  type FieldSet,
  fieldsOf,
  intersect,
  isEmpty,
  isMap,
  members,
  same,
  subtract,
  tellPath,
  union,
} from './field-set.ts';
import type { ListRules } from './list-keys.ts';
import { listsOf, type ManagedFields, managersOf } from './managed-fields.ts';

export type Applied = { object: KubeObject; managedFields: ManagedFields[] };

type Apply = { manager: string; force: boolean; subresource: string; time: string };

/**
 * Server-side apply: the configuration's fields are set and owned, fields it had and no longer names are removed unless
 * somebody else owns them. `live` undefined: it is created. Throws ApiError (409) with one cause for each field that
 * another manager owns with another value.
 */
export function applyConfiguration(
  resource: ResourceType,
  live: KubeObject | undefined,
  configuration: KubeObject,
  by: Apply,
): Applied {
  const lists = listsOf(resource);
  const wanted = withoutPresence(fieldsOf(configuration, lists, resource.custom));
  const managers = live === undefined ? [] : managersOf(live);
  const mine = managers.find((one) => isMine(one, by));
  const others = managers.filter((one) => !isMine(one, by));
  const before: KubeObject = live ?? { ...configuration, metadata: { name: configuration.metadata.name } };
  let merged = (live === undefined ? configuration : merge(live, configuration, [], lists)) as KubeObject;

  const conflicts = others
    .map((other) => ({ other, fields: differing(intersect(other.fieldsV1, wanted), before, merged, lists) }))
    .filter((conflict) => conflict.fields.length > 0);
  if (conflicts.length > 0 && !by.force) throw conflictError(conflicts);

  const othersFields = others.reduce<FieldSet>((all, other) => union(all, other.fieldsV1), {});
  const dropped = mine === undefined ? {} : subtract(subtract(mine.fieldsV1, wanted), othersFields);
  merged = removeFields(merged, dropped, [], lists) as KubeObject;

  const lost = new Map(conflicts.map((conflict) => [conflict.other, asSet(conflict.fields)]));
  const kept = others
    .map((other) => ({ ...other, fieldsV1: subtract(other.fieldsV1, lost.get(other) ?? {}) }))
    .filter((other) => !isEmpty(other.fieldsV1));
  const unchanged = mine !== undefined && same(mine.fieldsV1, wanted) && live !== undefined && same(live, merged);
  const own: ManagedFields = {
    manager: by.manager,
    operation: 'Apply',
    apiVersion: configuration.apiVersion,
    time: unchanged ? (mine?.time ?? by.time) : by.time,
    fieldsType: 'FieldsV1',
    fieldsV1: wanted,
    ...(by.subresource === '' ? {} : { subresource: by.subresource }),
  };
  const managedFields = isEmpty(wanted) ? kept : [own, ...kept];
  return { object: merged, managedFields };
}

function isMine(entry: ManagedFields, by: Apply): boolean {
  return entry.operation === 'Apply' && entry.manager === by.manager && (entry.subresource ?? '') === by.subresource;
}

/** An apply owns a map only through its fields, a list item also as such. */
function withoutPresence(set: FieldSet, inItem = false): FieldSet {
  const out: FieldSet = {};
  for (const [element, below] of Object.entries(set)) {
    if (element === '.') {
      if (inItem) out['.'] = {};
    } else out[element] = isEmpty(below) ? below : withoutPresence(below, element.startsWith('k:'));
  }
  return out;
}

function merge(live: unknown, wanted: unknown, path: readonly string[], lists: ListRules): unknown {
  if (isMap(wanted) && isMap(live)) {
    const out: Record<string, unknown> = { ...live };
    for (const [name, value] of Object.entries(wanted)) out[name] = merge(live[name], value, [...path, name], lists);
    return out;
  }
  if (Array.isArray(wanted) && Array.isArray(live)) {
    const rule = lists(path);
    if (rule.apply === undefined && rule.set === undefined) return wanted;
    const out = [...live];
    const elements = live.map((item) => elementOf(item, rule));
    for (const item of wanted) {
      const at = elements.indexOf(elementOf(item, rule));
      if (at < 0) out.push(item);
      else out[at] = merge(live[at], item, path, lists);
    }
    return out;
  }
  return wanted;
}

/** Of the fields two claim, the leaves whose value would change. */
function differing(shared: FieldSet, before: unknown, after: unknown, lists: ListRules): string[][] {
  return members(shared).filter((path) => {
    const last = path[path.length - 1] ?? '';
    if (last.startsWith('k:')) return false;
    return !same(valueAt(before, path, lists), valueAt(after, path, lists));
  });
}

function valueAt(root: unknown, path: readonly string[], lists: ListRules): unknown {
  let value = root;
  const names: string[] = [];
  for (const element of path) {
    if (element.startsWith('f:')) {
      const name = element.slice(2);
      names.push(name);
      value = isMap(value) ? value[name] : undefined;
    } else {
      const rule = lists(names);
      value = Array.isArray(value) ? value.find((item) => elementOf(item, rule) === element) : undefined;
    }
  }
  return value;
}

function removeFields(value: unknown, set: FieldSet, path: readonly string[], lists: ListRules): unknown {
  if (isEmpty(set)) return value;
  if (Array.isArray(value)) {
    const rule = lists(path);
    return value
      .filter((item) => {
        const below = set[elementOf(item, rule)];
        return below === undefined || !(isEmpty(below) || '.' in below);
      })
      .map((item) => removeFields(item, set[elementOf(item, rule)] ?? {}, path, lists));
  }
  if (!isMap(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const below = set[`f:${name}`];
    if (below === undefined) out[name] = inner;
    else if (!isEmpty(below)) {
      const rest = removeFields(inner, below, [...path, name], lists);
      // A map or list that held nothing else goes with its last field.
      if (!isBare(rest) || isBare(inner)) out[name] = rest;
    }
  }
  return out;
}

function isBare(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0;
}

function asSet(paths: readonly string[][]): FieldSet {
  const set: FieldSet = {};
  for (const path of paths) {
    let node = set;
    for (const element of path) {
      node[element] ??= {};
      node = node[element];
    }
  }
  return set;
}

function conflictError(conflicts: readonly { other: ManagedFields; fields: string[][] }[]): ApiError {
  const sorted = [...conflicts].sort((a, b) => (tellOwner(a.other) < tellOwner(b.other) ? -1 : 1));
  const causes = sorted.flatMap(({ other, fields }) =>
    fields.map((path) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${tellOwner(other)}`,
      field: tellPath(path),
    })),
  );
  const [first] = causes;
  const message =
    causes.length === 1 && first !== undefined
      ? `Apply failed with 1 conflict: ${first.message}: ${first.field}`
      : `Apply failed with ${causes.length} conflicts: ${sorted
          .map(({ other, fields }) =>
            [`conflicts with ${tellOwner(other)}:`, ...fields.map((path) => `- ${tellPath(path)}`)].join('\n'),
          )
          .join('\n')}`;
  return new ApiError(409, 'Conflict', message, { causes });
}

function tellOwner(entry: ManagedFields): string {
  const name = JSON.stringify(entry.manager);
  if (entry.operation === 'Apply') return name;
  const subresource = entry.subresource === undefined ? '' : ` with subresource ${JSON.stringify(entry.subresource)}`;
  return `${name}${subresource} using ${entry.apiVersion}`;
}
