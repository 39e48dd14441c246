import type { IncomingMessage } from 'node:http';
import { ApiError, failure, type Status } from '../api-error.ts';
import type { Cluster } from '../cluster.ts';
import type { User } from './access.ts';
import type { ApiRequest, FaultAction, Feature } from './intercept.ts';
import type { Outlet } from './outlet.ts';
import { readProtobuf } from './protobuf-objects.ts';
import type { ExecCounts } from './setting.ts';
import type { Turns } from './turns.ts';

/** One request and everything needed to answer it. */
export type Exchange = {
  request: ApiRequest;
  user: User;
  incoming: IncomingMessage;
  outlet: Outlet;
  cluster: Cluster;
  faults: readonly FaultAction[];
  warnings: string[];
  gitVersion: string;
  bookmarkMs: number;
  lacks(feature: Feature): boolean;
  /** Remembers the status for the request log, then writes the head. */
  head(status: number, headers?: Record<string, string>): void;
  /** Takes the bare connection of an upgrading client; the request log gets `status`. */
  detach(status: number): void;
  /** How to end each open watch of the server, and of what kind it is. */
  watches: Map<() => void, string>;
  execs: ExecCounts;
  /** How long answers share the event loop. */
  turns: Turns;
  /** Aborted when the client is gone or the server stops. */
  signal: AbortSignal;
};

/** Limit of a real server's request body (etcd's, about 3 MB). */
const largestBody = 3 * 1024 * 1024;

/** The body as text; an object in protobuf as JSON, where it is of a kind we read. Throws ApiError (413). */
export async function readBody(exchange: Exchange): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of exchange.incoming) {
    size += (chunk as Buffer).length;
    if (size > largestBody) {
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${largestBody}`);
    }
    chunks.push(chunk as Buffer);
  }
  const body = Buffer.concat(chunks);
  return readProtobuf(body) ?? body.toString('utf8');
}

export async function answerText(
  exchange: Exchange,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): Promise<void> {
  exchange.head(status, { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) });
  await exchange.outlet.write(body);
  await exchange.outlet.end();
}

export async function answerJson(exchange: Exchange, status: number, body: unknown): Promise<void> {
  await answerText(exchange, status, `${JSON.stringify(body)}\n`, 'application/json');
}

export async function answerStatus(exchange: Exchange, status: Status): Promise<void> {
  const code = status.code ?? 200;
  const wait = status.details?.retryAfterSeconds;
  const body = `${JSON.stringify(status)}\n`;
  exchange.head(code, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...(wait === undefined ? {} : { 'retry-after': String(wait) }),
  });
  await exchange.outlet.write(body);
  await exchange.outlet.end();
}

export async function answerNotFoundPage(exchange: Exchange): Promise<void> {
  await answerText(exchange, 404, '404 page not found\n');
}

export function methodNotAllowed(): ApiError {
  const message = 'the server does not allow this method on the requested resource';
  return new ApiError(405, 'MethodNotAllowed', message, {});
}

/** In the words of the RBAC authorizer; also for faults that take a right away. */
export function forbidden(request: ApiRequest): Status {
  const { group, resource, subresource, namespace, name, verb, user } = request;
  const shown = group === '' ? resource : `${resource}.${group}`;
  const asked = subresource === '' ? resource : `${resource}/${subresource}`;
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const object = name === '' ? '' : ` "${name}"`;
  const message = `${shown}${object} is forbidden: User "${user}" cannot ${verb} resource "${asked}" in API group "${group}" ${scope}`;
  return failure(403, 'Forbidden', message, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: resource,
  });
}

export function forbiddenPath(request: ApiRequest): Status {
  const verb = request.method.toLowerCase();
  return failure(403, 'Forbidden', `forbidden: User "${request.user}" cannot ${verb} path "${request.path}"`, {});
}
