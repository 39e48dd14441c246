import { createHash } from 'node:crypto';
import type { ResourceType } from '../cluster.ts';
import { versionOf } from '../serialise.ts';
import { answerNotFoundPage, answerText, type Exchange } from './exchange.ts';
import { swagger } from './swagger.ts';

// Enough of OpenAPI v3 for clients that ask it what a server can do: which kinds there are and which options their
// requests take (kubectl sends fieldValidation and dryRun only where it finds them here). The fields of built-in kinds
// are not described: kubectl brings its own.

export async function answerOpenApi(exchange: Exchange): Promise<boolean> {
  const { path } = exchange.request;
  const resources = exchange.cluster.store.resources();
  if (path === '/openapi/v3') {
    await answerText(exchange, 200, `${JSON.stringify({ paths: indexOf(resources) })}\n`);
    return true;
  }
  if (path === '/openapi/v2') {
    exchange.head(200, { 'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' });
    await exchange.outlet.write(swagger(resources, exchange.gitVersion));
    await exchange.outlet.end();
    return true;
  }
  const found = /^\/openapi\/v3\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))$/.exec(path);
  if (found === null) return false;
  const group = found[2] ?? '';
  const version = found[1] ?? found[3] ?? '';
  const kinds = resources.filter((one) => one.group === group && one.version === version);
  if (kinds.length === 0) await answerNotFoundPage(exchange);
  else await answerText(exchange, 200, JSON.stringify(documentOf(kinds, exchange.gitVersion)), 'application/json');
  return true;
}

function indexOf(resources: readonly ResourceType[]): Record<string, { serverRelativeURL: string }> {
  const paths: Record<string, { serverRelativeURL: string }> = {};
  for (const resource of resources) {
    const root = rootOf(resource).slice(1);
    if (paths[root] !== undefined) continue;
    const kinds = resources.filter((one) => versionOf(one) === versionOf(resource)).map((one) => one.kind);
    const hash = createHash('sha256').update(kinds.join()).digest('hex').toUpperCase();
    paths[root] = { serverRelativeURL: `/openapi/v3/${root}?hash=${hash}` };
  }
  return paths;
}

function documentOf(kinds: readonly ResourceType[], gitVersion: string): object {
  const schemas: Record<string, object> = {};
  const paths: Record<string, object> = {};
  for (const resource of kinds) {
    const gvk = { group: resource.group, kind: resource.kind, version: resource.version };
    schemas[schemaName(resource)] = {
      type: 'object',
      ...(resource.schema as object | undefined),
      'x-kubernetes-group-version-kind': [gvk],
    };
    const many = `${rootOf(resource)}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}`;
    paths[many] = {
      get: operation('list', gvk, listOptions),
      post: operation('post', gvk, writeOptions),
    };
    paths[`${many}/{name}`] = {
      get: operation('get', gvk, []),
      put: operation('put', gvk, writeOptions),
      patch: operation('patch', gvk, [...writeOptions, 'force']),
      delete: operation('delete', gvk, ['dryRun', 'gracePeriodSeconds', 'propagationPolicy']),
    };
  }
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: gitVersion }, paths, components: { schemas } };
}

const writeOptions = ['dryRun', 'fieldManager', 'fieldValidation'];
const listOptions = ['continue', 'fieldSelector', 'labelSelector', 'limit', 'resourceVersion', 'watch'];

function operation(action: string, gvk: object, options: readonly string[]): object {
  return {
    parameters: options.map((name) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })),
    ...(action === 'patch' ? { requestBody: { content: {} } } : {}),
    responses: { 200: { description: 'OK' } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  };
}

function schemaName({ group, version, kind }: ResourceType): string {
  const domain = group.includes('.') ? group.split('.').reverse().join('.') : `io.k8s.api.${group || 'core'}`;
  return `${domain}.${version}.${kind}`;
}

function rootOf({ group, version }: ResourceType): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}
