import { type Dispatcher, request } from 'undici';
import { connectionProblem } from './api-problem.ts';
import type { Credentials, Identity } from './credentials.ts';
import { createDispatcher } from './dispatcher.ts';
import { isNear } from './near.ts';
import type { RequestLog } from './request-log.ts';
import type { ServerClock } from './server-clock.ts';

export type Ask = {
  /** LIST, WATCH, GET …: how it is counted. */
  verb: string;
  /** Plural, with the subresource where there is one: `pods/log`. */
  resource: string;
  path: string;
  query?: Readonly<Record<string, string>>;
  accept?: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: string;
  /** Of the body; else JSON. */
  contentType?: string;
  signal?: AbortSignal;
  /** Until the head of the answer, ms; else the pool's limit. */
  headMs?: number;
};

/** One pool of connections to one cluster. It sends what it is given, counts it, and judges no answer. */
export type HttpPool = {
  /** Resolves with the head of the answer, whatever its status. Throws ApiProblem, or the reason of an abort. */
  send(ask: Ask, identity: Identity): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
};

export type HttpPoolOptions = {
  credentials: Credentials;
  log: RequestLog;
  userAgent: string;
  requestMs: number;
  /** Hears the Date of every answer. */
  clock: Pick<ServerClock, 'hear'>;
  /** Aborted when nothing is to be sent any more. */
  closing: AbortSignal;
};

export function createHttpPool(options: HttpPoolOptions): HttpPool {
  const { credentials, log, requestMs, clock, closing } = options;
  let pool: { transport: string; dispatcher: Dispatcher } | undefined;

  /** A new certificate needs new connections; those in use end by themselves. */
  function dispatcherFor(identity: Identity): Dispatcher {
    if (pool?.transport !== identity.transport) {
      void pool?.dispatcher.close().catch(() => {});
      pool = { transport: identity.transport, dispatcher: createDispatcher(identity) };
    }
    return pool.dispatcher;
  }

  return {
    async send(ask, identity) {
      const { server } = credentials.session().cluster;
      const query = new URLSearchParams(ask.query).toString();
      const path = query === '' ? ask.path : `${ask.path}?${query}`;
      const started = performance.now();
      const done = (status: number) =>
        log.add({ verb: ask.verb, resource: ask.resource, path, status, ms: performance.now() - started });
      const late = new AbortController();
      const timer = setTimeout(
        () => late.abort(new DOMException('No answer', 'TimeoutError')),
        ask.headMs ?? requestMs,
      );
      const signal = AbortSignal.any([closing, late.signal, ...(ask.signal ? [ask.signal] : [])]);
      try {
        const asked = request(`${server}${path}`, {
          dispatcher: dispatcherFor(identity),
          method: ask.method ?? 'GET',
          headers: {
            accept: ask.accept ?? 'application/json',
            'user-agent': options.userAgent,
            ...(ask.body === undefined ? {} : { 'content-type': ask.contentType ?? 'application/json' }),
            // Watches are never compressed by the server; near servers need not be.
            ...(ask.verb === 'LIST' && !isNear(server) ? { 'accept-encoding': 'gzip' } : {}),
            ...identity.headers,
          },
          ...(ask.body === undefined ? {} : { body: ask.body }),
          signal,
          headersTimeout: 0,
        });
        const answer = await unlessAborted(asked, signal);
        clock.hear(answer.headers.date, performance.now() - started);
        done(answer.statusCode);
        return answer;
      } catch (error) {
        if (ask.signal?.aborted || closing.aborted) throw error;
        done(0);
        const problem = connectionProblem(late.signal.aborted ? late.signal.reason : error, server);
        // Its certificates were rotated: whoever fetches the credentials again, as we say, need not start us again.
        if (problem.kind === 'tls') credentials.reload();
        throw problem;
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      await pool?.dispatcher.destroy().catch(() => {});
    },
  };
}

/** As undici answers, or as soon as the signal says: a request that waits for a connection hears of no abort before that stands. */
async function unlessAborted(asked: Promise<Dispatcher.ResponseData>, signal: AbortSignal) {
  const gone = Promise.withResolvers<never>();
  const abort = () => gone.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([asked, gone.promise]);
  } catch (error) {
    // Nobody reads an answer that comes after all.
    asked.then(({ body }) => body.destroy()).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
