// Azure Resource Manager: one door for all providers, with the rules that hold for all of them.
import { randomUUID } from 'node:crypto';
import type { AzureAnswer, AzureRequest } from '../route.ts';
import { ArmError } from './arm-error.ts';
import { type ArmPath, parseArmPath } from './arm-path.ts';
import type { ArmRequest, ArmRoutes } from './arm-request.ts';

export type ArmOptions = {
  subscription: string;
  routes: ArmRoutes;
};

/** Answers whatever ARM is asked; a client error is an answer, never thrown. */
export function createArm({ subscription, routes }: ArmOptions): (request: AzureRequest) => AzureAnswer {
  const left = { reads: 11_999, writes: 1_199 };

  const answer = (request: AzureRequest): AzureAnswer => {
    const path = parseArmPath(request.path);
    if (path === undefined) throw notFound(request);
    const api = request.query.get('api-version') ?? '';
    checkVersion(api);
    checkSubscription(path, subscription);
    const handler = routes[`${request.method} ${path.namespace} ${path.shape}`];
    if (handler === undefined) throw noSuchType(request, path, routes, api);
    const asked: ArmRequest = {
      ...{ method: request.method, path, api, query: request.query, body: request.body, caller: request.caller },
      ifMatch: request.headers['if-match'] ?? '',
      ifNoneMatch: request.headers['if-none-match'] ?? '',
    };
    return handler(asked);
  };

  return (request) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const count = isRead ? --left.reads : --left.writes;
    const correlation = request.headers['x-ms-correlation-request-id'];
    const id = randomUUID();
    const client = request.headers['x-ms-client-request-id'];
    const headers = {
      'cache-control': 'no-cache',
      'x-ms-request-id': id,
      'x-ms-correlation-request-id': typeof correlation === 'string' ? correlation : id,
      'x-ms-routing-request-id': `WESTEUROPE:${new Date().toISOString()}:${id}`,
      [`x-ms-ratelimit-remaining-subscription-${isRead ? 'reads' : 'writes'}`]: String(Math.max(0, count)),
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      ...(typeof client === 'string' ? { 'x-ms-client-request-id': client } : {}),
    };
    const given = attempt(() => answer(request));
    return { ...given, headers: { ...headers, ...given.headers } };
  };
}

function attempt(answer: () => AzureAnswer): AzureAnswer {
  try {
    return answer();
  } catch (problem) {
    if (problem instanceof ArmError) return problem.answer;
    throw problem;
  }
}

function checkVersion(api: string): void {
  if (api === '') {
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (!/^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/.test(api)) {
    throw new ArmError(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${api}' is invalid. It should be in the form of YYYY-MM-DD.`,
    );
  }
}

function checkSubscription(path: ArmPath, known: string): void {
  if (path.subscription === '' || path.subscription.toLowerCase() === known) return;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(path.subscription)) {
    const words = `The provided subscription identifier '${path.subscription}' is malformed or invalid.`;
    throw new ArmError(400, 'InvalidSubscriptionId', words);
  }
  throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${path.subscription}' could not be found.`);
}

function notFound({ path }: AzureRequest): ArmError {
  return new ArmError(404, 'NotFound', `No HTTP resource was found that matches the request URI '${path}'.`);
}

function noSuchType(request: AzureRequest, path: ArmPath, routes: ArmRoutes, api: string): ArmError {
  const isKnown = Object.keys(routes).some((key) => key.endsWith(` ${path.namespace} ${path.shape}`));
  if (isKnown) {
    return new ArmError(
      405,
      'HttpMethodNotSupported',
      `The http method '${request.method}' is not supported for a resource collection or resource of type '${path.type}'.`,
    );
  }
  const [namespace = '', ...types] = path.type.split('/');
  return new ArmError(
    404,
    'InvalidResourceType',
    `The resource type '${types.join('/')}' could not be found in the namespace '${namespace}' for api version '${api}'.`,
  );
}
