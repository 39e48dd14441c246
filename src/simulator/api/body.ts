import { parse as parseYaml } from 'yaml';
import { ApiError, badRequest } from '../api-error.ts';
import type { KubeObject, ResourceType } from '../cluster.ts';
import { versionOf } from '../serialise.ts';
import { type Exchange, readBody } from './exchange.ts';
import { invalidCharacter } from './go-json.ts';

/** The object a client sends. Throws ApiError: 415 for another format, 400 for what is no object of this kind. */
export async function readObject(exchange: Exchange, resource: ResourceType): Promise<KubeObject> {
  const type = mediaType(exchange);
  const text = await readBody(exchange);
  if (type === 'application/vnd.kubernetes.protobuf' && text.startsWith('{'))
    return decodeObject(text, false, resource);
  if (type !== '' && type !== 'application/json' && type !== 'application/yaml') {
    throw unknownFormat('application/json, application/yaml, application/vnd.kubernetes.protobuf');
  }
  return decodeObject(text, type === 'application/yaml', resource);
}

export function decodeObject(text: string, yaml: boolean, resource: ResourceType): KubeObject {
  const object = decode(text, yaml, resource);
  const { kind, apiVersion } = object;
  const expected = versionOf(resource);
  if (kind === undefined || kind === '') {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): Object 'Kind' is missing in '${text}'`,
    );
  }
  if (kind !== resource.kind || (apiVersion !== undefined && apiVersion !== expected)) {
    if (apiVersion !== expected) {
      throw badRequest(
        `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
      );
    }
    if (resource.custom) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`);
    const internal = resource.group === '' ? 'core' : (resource.group.split('.')[0] ?? '');
    throw badRequest(
      `${kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: converting (${resource.version}.${kind}) to (${internal}.${resource.kind}): unknown conversion`,
    );
  }
  object.metadata ??= { name: '' };
  return object;
}

function decode(text: string, yaml: boolean, resource: ResourceType): KubeObject {
  const refuse = (why: string) =>
    badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; json parse error: ${why} (${shorten(text)})`,
    );
  try {
    const value = yaml ? (parseYaml(text, { maxAliasCount: 100 }) as unknown) : (JSON.parse(text) as unknown);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('json: cannot unmarshal');
    return value as KubeObject;
  } catch (error) {
    throw error instanceof ApiError ? error : refuse(invalidCharacter(text));
  }
}

export function mediaType(exchange: Exchange): string {
  return (exchange.incoming.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

export function unknownFormat(accepted: string): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
  return new ApiError(415, 'UnsupportedMediaType', message, {});
}

/** Go shows at most this much of a body. */
function shorten(text: string): string {
  return text.length > 1024 ? text.slice(0, 1024) : text;
}
