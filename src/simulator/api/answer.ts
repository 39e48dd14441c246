import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { ApiError, failure } from '../api-error.ts';
import { allowed, type User } from './access.ts';
import { answerDelete, answerDeleteCollection } from './delete.ts';
import { answerDiscovery } from './discovery.ts';
import {
  answerNotFoundPage,
  answerStatus,
  type Exchange,
  forbidden,
  forbiddenPath,
  methodNotAllowed,
} from './exchange.ts';
import type { ApiRequest, FaultAction } from './intercept.ts';
import { answerList } from './list.ts';
import { createOutlet } from './outlet.ts';
import { answerPlain, isPublic } from './plain.ts';
import { answerGet } from './read.ts';
import { parseRequest } from './request.ts';
import { reviewResources } from './review-kinds.ts';
import { answerReview } from './reviews.ts';
import type { Setting, Way } from './setting.ts';
import { answerSubresource } from './subresources.ts';
import { viewOf } from './view.ts';
import { answerWatch } from './watch.ts';
import { answerCreate, answerPatch, answerUpdate } from './write.ts';

/** Answers one request, whatever happens, and writes its line into the log. */
export async function answer(setting: Setting, incoming: IncomingMessage, way: Way): Promise<void> {
  const started = performance.now();
  const at = new Date().toISOString();
  const response = 'response' in way ? way.response : bareResponse(incoming, way.socket as Socket);
  response.on('error', () => {});
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const parsed = parseRequest(incoming.method ?? 'GET', incoming.url ?? '/');
  const user = authenticate(setting, incoming);
  const request: ApiRequest = {
    ...parsed,
    user: user?.name ?? '',
    userAgent: String(incoming.headers['user-agent'] ?? ''),
    index: setting.count(),
  };
  const faults = user === undefined ? [] : asList(setting.options.intercept?.(request));
  const without = new Set([
    ...(setting.options.without ?? []),
    ...faults.flatMap((fault) => (fault.kind === 'without' ? fault.features : [])),
  ]);
  const outlet = createOutlet(response, faults);
  let status = 0;
  let logged = false;
  const log = () => {
    if (logged) return;
    logged = true;
    setting.log({
      at,
      verb: request.verb,
      method: request.method,
      path: incoming.url ?? '',
      status,
      user: request.user,
      userAgent: request.userAgent,
      ms: Math.round(performance.now() - started),
      bytes: outlet.bytes,
    });
  };
  const exchange: Exchange = {
    request,
    user: user ?? anonymous,
    incoming,
    outlet,
    cluster: setting.cluster,
    faults,
    warnings: [],
    gitVersion: setting.options.gitVersion ?? 'v1.34.2',
    watches: setting.watches,
    turns: setting.turns,
    execs: setting.execs,
    bookmarkMs: setting.options.bookmarkMs ?? 60_000,
    lacks: (feature) => without.has(feature),
    head(code, headers = {}) {
      status = code;
      outlet.head(code, {
        'audit-id': crypto.randomUUID(),
        'cache-control': 'no-cache, private',
        ...(exchange.warnings.length === 0 ? {} : { warning: tellWarnings(exchange.warnings) }),
        ...headers,
      });
      if (request.verb === 'watch' && code === 200) log();
    },
    detach(code) {
      status = code;
      if ('socket' in way) response.detachSocket(way.socket as Socket);
    },
    signal: AbortSignal.any([gone.signal, setting.stopped]),
  };
  try {
    if (user === undefined) await answerStatus(exchange, failure(401, 'Unauthorized', 'Unauthorized'));
    else if (!(await misbehave(exchange))) await route(exchange, way);
  } catch (error) {
    await answerError(exchange, error, response.headersSent);
  } finally {
    log();
  }
}

const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'], rules: [] };

/** Undefined: the token is wrong or over. */
function authenticate(setting: Setting, incoming: IncomingMessage): User | undefined {
  const token = /^Bearer\s+(.+)$/i.exec(incoming.headers.authorization ?? '')?.[1] ?? protocolToken(incoming);
  if (token === undefined) return incoming.headers.authorization === undefined ? anonymous : undefined;
  const user = Object.hasOwn(setting.options.tokens, token) ? setting.options.tokens[token] : undefined;
  return user === undefined || (user.expires ?? Number.POSITIVE_INFINITY) <= Date.now() ? undefined : user;
}

/** Clients that cannot set headers on a WebSocket put the token among the protocols. */
function protocolToken(incoming: IncomingMessage): string | undefined {
  const prefix = 'base64url.bearer.authorization.k8s.io.';
  const protocols = String(incoming.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((one) => one.trim());
  const found = protocols.find((one) => one.startsWith(prefix));
  return found === undefined ? undefined : Buffer.from(found.slice(prefix.length), 'base64url').toString('utf8');
}

/** The faults that stand in for an answer. True: nothing is left to do. */
async function misbehave(exchange: Exchange): Promise<boolean> {
  for (const fault of exchange.faults) {
    if (fault.kind === 'delay') await sleep(fault.milliseconds, undefined, { signal: exchange.signal }).catch(() => {});
  }
  for (const fault of exchange.faults) {
    if (fault.kind === 'hang-up') {
      exchange.incoming.socket.destroy();
      return true;
    }
    if (fault.kind === 'black-hole') {
      exchange.incoming.resume();
      await new Promise<void>((resolve) => exchange.signal.addEventListener('abort', () => resolve(), { once: true }));
      return true;
    }
    if (fault.kind === 'status') {
      const wait = fault.retryAfterSeconds;
      const details = { ...fault.details, ...(wait === undefined ? {} : { retryAfterSeconds: wait }) };
      await answerStatus(exchange, failure(fault.code, fault.reason, fault.message, details));
      return true;
    }
  }
  return false;
}

async function route(exchange: Exchange, way: Way): Promise<void> {
  const { request, user, cluster } = exchange;
  if (request.resource === '') {
    if (!isPublic(request.path) && !user.groups.includes('system:authenticated')) {
      return answerStatus(exchange, forbiddenPath(request));
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
    if (!(await answerPlain(exchange)) && !(await answerDiscovery(exchange))) await answerNotFoundPage(exchange);
    return;
  }
  if (!allowed(user, request)) return answerStatus(exchange, forbidden(request));
  const { group, version, resource: plural } = request;
  if (reviewResources.some((one) => one.group === group && one.plural === plural)) {
    return request.verb === 'create' ? answerReview(exchange) : Promise.reject(methodNotAllowed());
  }
  const resource = cluster.store.resource(group, version, plural);
  if (resource === undefined) return answerUnknown(exchange);
  const stored =
    resource.storedAs === undefined
      ? resource
      : cluster.store.resourceOf(`${resource.kind}.${resource.storedAs.group}`);
  const view = viewOf(resource, stored);
  if (request.subresource !== '') return answerSubresource(exchange, view, way);
  switch (request.verb) {
    case 'get':
      return answerGet(exchange, view);
    case 'list':
      return answerList(exchange, view);
    case 'watch':
      return answerWatch(exchange, view);
    case 'create':
      if (request.name !== '') throw methodNotAllowed();
      return answerCreate(exchange, view);
    case 'update':
    case 'patch':
    case 'delete':
      if (request.name === '') throw methodNotAllowed();
      if (request.verb === 'delete') return answerDelete(exchange, view);
      return request.verb === 'update' ? answerUpdate(exchange, view) : answerPatch(exchange, view);
    case 'deletecollection':
      return answerDeleteCollection(exchange, view);
    default:
      throw methodNotAllowed();
  }
}

/** A group of built-in kinds knows its own; where there are only custom ones nobody answers for the path. */
async function answerUnknown(exchange: Exchange): Promise<void> {
  const { group, version, name } = exchange.request;
  const kinds = exchange.cluster.store.resources().filter((one) => one.group === group && one.version === version);
  if (kinds.length === 0 || kinds.every((one) => one.custom)) return answerNotFoundPage(exchange);
  const message = 'the server could not find the requested resource';
  await answerStatus(exchange, failure(404, 'NotFound', message, name === '' ? {} : { name }));
}

async function answerError(exchange: Exchange, error: unknown, started: boolean): Promise<void> {
  if (exchange.outlet.closed || started) {
    exchange.outlet.reset();
    return;
  }
  const status =
    error instanceof ApiError
      ? error.status
      : failure(500, 'InternalError', `Internal error occurred: ${messageOf(error)}`, {
          causes: [],
        });
  await answerStatus(exchange, status).catch(() => exchange.outlet.reset());
}

function bareResponse(incoming: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(incoming);
  response.assignSocket(socket);
  response.shouldKeepAlive = false;
  response.on('finish', () => socket.end());
  return response;
}

function tellWarnings(warnings: readonly string[]): string {
  return warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ');
}

function asList(actions: FaultAction | readonly FaultAction[] | undefined): readonly FaultAction[] {
  if (actions === undefined) return [];
  return Array.isArray(actions) ? (actions as readonly FaultAction[]) : [actions as FaultAction];
}
