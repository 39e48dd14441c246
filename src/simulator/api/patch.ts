import jsonPatch, { type Operation } from 'fast-json-patch';
import { parse as parseYaml } from 'yaml';
import { ApiError, badRequest } from '../api-error.ts';
import type { KubeObject } from '../cluster.ts';
import { type Applied, applyConfiguration } from '../fields/apply.ts';
import { same } from '../fields/field-set.ts';
import { mergePatch } from '../patches/merge.ts';
import { strategicPatch } from '../patches/strategic.ts';
import { timestamp } from '../store.ts';
import { mediaType, unknownFormat } from './body.ts';
import { type Exchange, readBody } from './exchange.ts';
import { isTrue } from './request.ts';
import type { View } from './view.ts';

export type Patch =
  | { kind: 'change'; change(object: KubeObject): KubeObject }
  | {
      kind: 'apply';
      configuration: KubeObject;
      apply(before: KubeObject | undefined, configuration: KubeObject, subresource: string): Applied;
      changes(before: KubeObject, after: KubeObject): boolean;
    };

/** Throws ApiError: 415 for a patch of another kind, 400 for one that cannot be read, 422 for an apply without manager. */
export async function readPatch(exchange: Exchange, view: View): Promise<Patch> {
  const type = mediaType(exchange);
  if (type === 'application/apply-patch+yaml') return readApply(exchange, view);
  if (type === 'application/merge-patch+json') {
    const patch = parse(await readBody(exchange));
    return { kind: 'change', change: (object) => mergePatch(object, patch) as KubeObject };
  }
  if (type === 'application/json-patch+json') {
    const operations = parse(await readBody(exchange)) as Operation[];
    return { kind: 'change', change: (object) => applyOperations(object, operations) };
  }
  if (type === 'application/strategic-merge-patch+json' && !view.resource.custom) {
    const patch = parse(await readBody(exchange));
    return { kind: 'change', change: (object) => strategicPatch(object, patch) as KubeObject };
  }
  if (type === 'application/strategic-merge-patch+json') {
    throw unknownFormat('application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml');
  }
  throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

function applyOperations(object: KubeObject, operations: Operation[]): KubeObject {
  try {
    return jsonPatch.applyPatch(structuredClone(object), operations, true, true).newDocument;
  } catch {
    throw new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

async function readApply(exchange: Exchange, view: View): Promise<Patch> {
  const { query } = exchange.request;
  const manager = query.get('fieldManager') ?? '';
  if (manager === '') {
    const cause = {
      reason: 'FieldValueRequired',
      message: 'Required value: is required for apply patch',
      field: 'fieldManager',
    };
    const message = `PatchOptions.meta.k8s.io "" is invalid: fieldManager: ${cause.message}`;
    throw new ApiError(422, 'Invalid', message, { group: 'meta.k8s.io', kind: 'PatchOptions', causes: [cause] });
  }
  const configuration = parseConfiguration(await readBody(exchange));
  configuration.metadata ??= { name: exchange.request.name };
  if ((configuration.metadata.managedFields ?? []).length > 0) throw badRequest('metadata.managedFields must be nil');
  delete configuration.metadata.managedFields;
  return {
    kind: 'apply',
    configuration,
    apply: (before, wanted, subresource) =>
      applyConfiguration(view.stored, before, wanted, {
        manager,
        force: isTrue(query.get('force')),
        subresource,
        time: timestamp(exchange.cluster.now()),
      }),
    changes: (before, after) => !same(before, after),
  };
}

function parseConfiguration(text: string): KubeObject {
  try {
    const value = parseYaml(text, { maxAliasCount: 100 }) as KubeObject | null;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below, with the same words.
  }
  throw badRequest('error decoding YAML: error converting YAML to JSON');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('invalid character in patch: the body is no JSON');
  }
}
