import type { ApiRequest } from './intercept.ts';

type Parsed = Omit<ApiRequest, 'user' | 'userAgent' | 'index'>;

/** Reads what a request is about from its method and address, as the server's RequestInfo does. */
export function parseRequest(method: string, url: string): Parsed {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const nothing = { group: '', version: '', resource: '', subresource: '', namespace: '', name: '' };
  const base: Parsed = { verb: '', method, path, query, ...nothing };
  const steps = path
    .split('/')
    .filter((step) => step !== '')
    .map(decode);
  const core = steps[0] === 'api';
  if (!core && steps[0] !== 'apis') return base;
  const [group, version, ...rest] = core ? ['', ...steps.slice(1)] : steps.slice(1);
  if (group === undefined || version === undefined || rest.length === 0) return base;
  const about = { ...base, group, version };
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2] ?? '');
  const [resource = '', name = '', ...below] = inNamespace ? rest.slice(2) : rest;
  const namespace = inNamespace ? (rest[1] ?? '') : resource === 'namespaces' ? name : '';
  const found = { ...about, namespace, resource, name, subresource: below.join('/') };
  return { ...found, verb: verbOf(method, found) };
}

function verbOf(method: string, request: Parsed): string {
  const many = request.name === '';
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (!many) return 'get';
      return isTrue(request.query.get('watch')) ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return many ? 'deletecollection' : 'delete';
    default:
      return '';
  }
}

export function isTrue(value: string | null): boolean {
  return value !== null && value !== '' && value !== '0' && value !== 'false' && value !== 'False';
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
