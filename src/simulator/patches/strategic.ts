import { badRequest } from '../api-error.ts';
import { isMap, same } from '../fields/field-set.ts';
import { builtInLists } from '../fields/list-keys.ts';

type Fields = Record<string, unknown>;

/**
 * Kubernetes' strategic merge patch: a merge patch whose lists merge item by item where the kind says how items are told
 * apart, with the directives $patch, $retainKeys, $deleteFromPrimitiveList and $setElementOrder. Throws ApiError (400).
 */
export function strategicPatch(target: unknown, patch: unknown, path: readonly string[] = []): unknown {
  if (!isMap(patch)) return patch;
  if (patch['$patch'] === 'replace') return without(patch, '$patch');
  if (patch['$patch'] === 'delete') return {};
  const out: Fields = isMap(target) ? { ...target } : {};
  const retain = patch['$retainKeys'];
  if (Array.isArray(retain)) for (const name of Object.keys(out)) if (!retain.includes(name)) delete out[name];
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith('$')) continue;
    if (value === null) delete out[name];
    else if (Array.isArray(value)) out[name] = patchList(out[name], value, [...path, name], orderOf(patch, name));
    else out[name] = strategicPatch(out[name], value, [...path, name]);
  }
  for (const [name, values] of Object.entries(patch)) {
    const list = /^\$deleteFromPrimitiveList\/(.+)$/.exec(name)?.[1];
    if (list !== undefined && Array.isArray(out[list]) && Array.isArray(values)) {
      out[list] = out[list].filter((one) => !values.includes(one));
    }
    // An order without a patch of the list itself still sorts it.
    const sorted = /^\$setElementOrder\/(.+)$/.exec(name)?.[1];
    if (sorted !== undefined && patch[sorted] === undefined && Array.isArray(out[sorted])) {
      out[sorted] = inOrder(out[sorted], values, builtInLists([...path, sorted]).patch);
    }
  }
  return out;
}

function patchList(target: unknown, patch: readonly unknown[], path: readonly string[], order: unknown): unknown {
  const rule = builtInLists(path);
  const old = Array.isArray(target) ? target : [];
  if (rule.set) return inOrder([...old, ...patch.filter((value) => !old.includes(value))], order, undefined);
  const key = rule.patch;
  if (key === undefined) return patch;
  if (patch.some((item) => isMap(item) && item['$patch'] === 'replace' && Object.keys(item).length === 1)) {
    return patch.filter((item) => !(isMap(item) && item['$patch'] === 'replace'));
  }
  let out: unknown[] = [...old];
  for (const item of patch) {
    if (!isMap(item)) continue;
    const value = item[key];
    if (value === undefined) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
    const at = out.findIndex((one) => isMap(one) && same(one[key], value));
    if (item['$patch'] === 'delete') out = out.filter((_, index) => index !== at);
    else if (at < 0) out.push(strategicPatch({}, item, path));
    else out[at] = strategicPatch(out[at], item, path);
  }
  return inOrder(out, order, key);
}

/** Items the order names come in that order; the others keep their places after them. */
function inOrder(items: readonly unknown[], order: unknown, key: string | undefined): unknown[] {
  if (!Array.isArray(order)) return [...items];
  const nameOf = (item: unknown) => JSON.stringify(key !== undefined && isMap(item) ? item[key] : item);
  const wanted = order.map(nameOf);
  const named = items.filter((item) => wanted.includes(nameOf(item)));
  named.sort((left, right) => wanted.indexOf(nameOf(left)) - wanted.indexOf(nameOf(right)));
  return [...named, ...items.filter((item) => !wanted.includes(nameOf(item)))];
}

function orderOf(patch: Fields, name: string): unknown {
  return patch[`$setElementOrder/${name}`];
}

function without(fields: Fields, name: string): Fields {
  const { [name]: _, ...rest } = fields;
  return rest;
}
