import type { KubeObject } from '../cluster.ts';
import type { Stored } from '../stored.ts';
import type { ApiRequest } from './intercept.ts';
import { fieldMatch, labelMatch } from './selectors.ts';
import type { View } from './view.ts';

/** What a list or a watch is about. */
export type Selection = {
  /** The keys begin with this. */
  prefix: string;
  /** What the keys themselves decide; undefined: nothing more. */
  keys: ((key: string) => boolean) | undefined;
  /** What is decided by looking at the object; undefined: nothing. */
  objects: ((object: KubeObject) => boolean) | undefined;
  /** Whether the object may be one of them at all, told from its text: cheaper than looking at it. */
  maybe(text: string): boolean;
};

/** Throws ApiError (400) for selectors that mean nothing. */
export function selectionOf({ query, namespace }: ApiRequest, { resource }: View): Selection {
  const labels = labelMatch(query.get('labelSelector') ?? '');
  const fields = fieldMatch(resource, query.get('fieldSelector') ?? '');
  const inNamespace = resource.namespaced ? namespace || fields.namespace || '' : '';
  const objects = [labels?.match, fields.objects].filter((one) => one !== undefined);
  return {
    prefix: resource.namespaced ? (inNamespace === '' ? '' : `${inNamespace}/`) : '/',
    keys: fields.keys,
    objects: objects.length === 0 ? undefined : (object) => objects.every((match) => match(object)),
    maybe: (text) => labels?.words.every((word) => text.includes(word)) ?? true,
  };
}

export function isSelected(selection: Selection, stored: Stored): boolean {
  const { prefix, keys, objects, maybe } = selection;
  if (!stored.key.startsWith(prefix) || !(keys?.(stored.key) ?? true)) return false;
  if (objects === undefined) return true;
  const { text } = stored;
  return maybe(text) && objects(JSON.parse(text) as KubeObject);
}
