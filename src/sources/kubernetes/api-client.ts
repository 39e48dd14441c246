import { once } from 'node:events';
import { pipeline } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import { sanitiseLine } from '../../model/sanitise.ts';
import { ApiProblem, connectionProblem, signInAgain, statusProblem } from './api-problem.ts';
import type { Credentials, Identity } from './credentials.ts';
import { createDispatcher } from './dispatcher.ts';
import type { RequestLog } from './request-log.ts';

export type Ask = {
  /** LIST, WATCH, GET …: how it is counted. */
  verb: string;
  /** Plural, with the subresource where there is one: `pods/log`. */
  resource: string;
  path: string;
  query?: Readonly<Record<string, string>>;
  accept?: string;
  method?: 'GET' | 'POST';
  body?: string;
  signal?: AbortSignal;
  /** Until the head of the answer, ms; else the client's limit. */
  headMs?: number;
};

export type Answer = { status: number; headers: Dispatcher.ResponseData['headers']; body: AsyncIterable<Buffer> };

/** One cluster, asked with one set of credentials over one pool of connections. Every method throws ApiProblem. */
export type ApiClient = {
  credentials: Credentials;
  /** The answer with its body still to come; only 2xx. Whoever opens must read to the end or abort. */
  open(ask: Ask): Promise<Answer>;
  /** The whole body, within `headMs` for the head and twice the client's limit for the rest. */
  text(ask: Ask): Promise<string>;
  json(ask: Ask): Promise<unknown>;
  /** A small request that only shows whether the server answers; one at a time, whoever asks. */
  probe(): Promise<void>;
  /** When the last probe was answered. 0 = never. */
  probed(): number;
  /** Round trip of the last probe, ms. */
  latency(): number;
  /** gitVersion as the last probe told, '' before. */
  serverVersion(): string;
  /**
   * Resolves when the server lets us in again. Until then every request is refused here, without being sent: one scout
   * asks for all, ever more seldom, with credentials read anew.
   */
  readmitted(signal: AbortSignal): Promise<void>;
  /** Resolves when the server can be reached; one scout for all who wait, and each hears why it was not yet. */
  reached(signal: AbortSignal, onProblem: (problem: ApiProblem) => void): Promise<void>;
  /** For what does not go through `open`: WebSockets. */
  count: RequestLog['add'];
  /** On this machine, or in the cluster we run in: bytes are cheaper than the time to unpack them. */
  near(): boolean;
  close(): Promise<void>;
};

export type ApiClientOptions = {
  credentials: Credentials;
  log: RequestLog;
  userAgent: string;
  requestMs: number;
  /** A probe must be answered in this time, ms. */
  probeMs?: number;
};

/** The scout's pauses grow by this, up to six times of it. */
const restMs = 5_000;

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { credentials, log, requestMs, probeMs = 4_000 } = options;
  const closing = new AbortController();
  let pool: { transport: string; dispatcher: Dispatcher } | undefined;
  let probing: Promise<void> | undefined;
  let probed = 0;
  let latency = 0;
  let version = '';
  let refusal: ApiProblem | undefined;
  let scouting: Promise<void> | undefined;
  let reaching: Promise<void> | undefined;
  const waiting = new Set<(problem: ApiProblem) => void>();

  /** A new certificate needs new connections; those in use end by themselves. */
  function dispatcherFor(identity: Identity): Dispatcher {
    if (pool?.transport !== identity.transport) {
      void pool?.dispatcher.close().catch(() => {});
      pool = { transport: identity.transport, dispatcher: createDispatcher(identity) };
    }
    return pool.dispatcher;
  }

  async function send(ask: Ask, identity: Identity): Promise<Dispatcher.ResponseData> {
    const { server } = credentials.session().cluster;
    const query = new URLSearchParams(ask.query).toString();
    const path = query === '' ? ask.path : `${ask.path}?${query}`;
    const started = performance.now();
    const done = (status: number) =>
      log.add({ verb: ask.verb, resource: ask.resource, path, status, ms: performance.now() - started });
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('No answer', 'TimeoutError')), ask.headMs ?? requestMs);
    try {
      const answer = await request(`${server}${path}`, {
        dispatcher: dispatcherFor(identity),
        method: ask.method ?? 'GET',
        headers: {
          accept: ask.accept ?? 'application/json',
          'user-agent': options.userAgent,
          ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
          // Watches are never compressed by the server; near servers need not be.
          ...(ask.verb === 'LIST' && !isNear(server) ? { 'accept-encoding': 'gzip' } : {}),
          ...identity.headers,
        },
        ...(ask.body === undefined ? {} : { body: ask.body }),
        signal: AbortSignal.any([closing.signal, late.signal, ...(ask.signal ? [ask.signal] : [])]),
        headersTimeout: 0,
      });
      done(answer.statusCode);
      return answer;
    } catch (error) {
      if (ask.signal?.aborted || closing.signal.aborted) throw error;
      done(0);
      const problem = connectionProblem(late.signal.aborted ? late.signal.reason : error, server);
      // Its certificates were rotated: whoever fetches the credentials again, as we say, need not start us again.
      if (problem.kind === 'tls') credentials.reload();
      throw problem;
    } finally {
      clearTimeout(timer);
    }
  }

  async function open(ask: Ask): Promise<Answer> {
    if (refusal !== undefined) throw refusal;
    const answer = await admitted(ask);
    if (answer.statusCode < 200 || answer.statusCode > 299) throw await problemOf(answer, ask);
    return { status: answer.statusCode, headers: answer.headers, body: decoded(answer) };
  }

  /** Sends; on a 401 renews the credentials once and sends again. */
  async function admitted(ask: Ask): Promise<Dispatcher.ResponseData> {
    const identity = await identityFor(credentials).catch(refuse);
    const answer = await send(ask, identity);
    if (answer.statusCode !== 401) return answer;
    const problem = explain(await problemOf(answer, ask), identity);
    // Somebody else may have tried, and failed, while we waited for this answer.
    if (refusal !== undefined) throw refusal;
    await credentials.renew(identity).catch((error: unknown) => refuse(signInProblem(error)));
    // Also with the same credentials as before: servers have refused good ones for a moment.
    const second = await send(ask, await identityFor(credentials).catch(refuse));
    return second.statusCode === 401 ? refuse(problem) : second;
  }

  /** From here on nothing is sent, until the scout that leaves now comes back with good news. */
  function refuse(error: unknown): never {
    refusal = signInProblem(error);
    scouting ??= scout()
      // Whoever waits may have left already, and nobody hears of its end.
      .catch(() => {})
      .finally(() => {
        scouting = undefined;
        refusal = undefined;
      });
    throw refusal;
  }

  async function scout(): Promise<void> {
    for (let attempt = 1; !closing.signal.aborted; attempt++) {
      await sleep(restMs * Math.min(attempt, 6) * (1 + Math.random() * 0.1), undefined, { signal: closing.signal });
      try {
        await credentials.renew();
        const identity = await credentials.identity();
        const answer = await send({ verb: 'GET', resource: 'version', path: '/version', headMs: probeMs }, identity);
        for await (const _ of answer.body);
        if (answer.statusCode !== 401) return;
      } catch {
        // Still refused, or unreachable by now: the next round tells.
      }
    }
  }

  async function knock(): Promise<void> {
    for (let pause = 250; !closing.signal.aborted; pause = Math.min(pause * 2, 4_000)) {
      try {
        await client.probe();
        return;
      } catch (error) {
        for (const tell of waiting) tell(connectionProblem(error, credentials.session().cluster.server));
        await sleep(pause, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  async function text(ask: Ask): Promise<string> {
    const late = AbortSignal.timeout((ask.headMs ?? requestMs) + 2 * requestMs);
    const signal = ask.signal ? AbortSignal.any([ask.signal, late]) : late;
    try {
      const answer = await open({ ...ask, signal });
      const chunks: Buffer[] = [];
      for await (const chunk of answer.body) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    } catch (error) {
      if (ask.signal?.aborted || closing.signal.aborted) throw error;
      throw connectionProblem(late.aborted ? late.reason : error, credentials.session().cluster.server);
    }
  }

  const client: ApiClient = {
    credentials,
    open,
    text,
    async json(ask) {
      const body = await text(ask);
      try {
        return JSON.parse(body);
      } catch {
        const { server } = credentials.session().cluster;
        throw new ApiProblem(
          'server',
          `${server} does not answer as a Kubernetes API server does.`,
          'Check `server` in the kubeconfig.',
        );
      }
    },
    probe() {
      probing ??= (async () => {
        const started = performance.now();
        try {
          const body = await text({ verb: 'GET', resource: 'version', path: '/version', headMs: probeMs });
          version = /"gitVersion":\s*"(v[\w.+-]{1,60})"/.exec(body)?.[1] ?? version;
        } catch (error) {
          // Any answer shows that the way to the server is open.
          if (!(error instanceof ApiProblem) || error.status === 0) throw error;
        } finally {
          probing = undefined;
        }
        probed = Date.now();
        latency = Math.max(1, Math.round(performance.now() - started));
      })();
      return probing;
    },
    probed: () => probed,
    latency: () => latency,
    serverVersion: () => version,
    async readmitted(signal) {
      if (scouting !== undefined) await untilAborted(scouting, signal);
    },
    async reached(signal, onProblem) {
      waiting.add(onProblem);
      reaching ??= knock()
        .catch(() => {})
        .finally(() => {
          reaching = undefined;
        });
      await untilAborted(reaching, signal).finally(() => waiting.delete(onProblem));
    },
    count: log.add,
    near: () => isNear(credentials.session().cluster.server),
    async close() {
      closing.abort();
      credentials.close();
      await pool?.dispatcher.destroy().catch(() => {});
    },
  };
  return client;
}

/** The promise, or the end of the wait, whichever comes first. Never rejects for the abort. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const done = new AbortController();
  await Promise.race([promise, once(signal, 'abort', { signal: done.signal }).catch(() => {})]);
  done.abort();
}

async function identityFor(credentials: Credentials): Promise<Identity> {
  try {
    return await credentials.identity();
  } catch (error) {
    throw signInProblem(error);
  }
}

/** A plugin that fails, a file that is gone: to whoever asks it is the same as credentials that are refused. */
function signInProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const user = error as { what?: string; hint?: string; message?: string };
  return new ApiProblem('unauthorized', user.what ?? sanitiseLine(user.message), user.hint ?? signInAgain);
}

function explain(refusal: ApiProblem, identity: Identity): ApiProblem {
  if (identity.expires === 0 || identity.expires > Date.now()) return refusal;
  const when = new Date(identity.expires).toISOString().slice(0, 16).replace('T', ' ');
  return new ApiProblem('unauthorized', `The credentials expired on ${when} UTC.`, signInAgain, { status: 401 });
}

async function problemOf(answer: Dispatcher.ResponseData, ask: Ask): Promise<ApiProblem> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of decoded(answer)) {
      bytes += chunk.length;
      if (bytes > 65_536) break;
      chunks.push(chunk);
    }
  } catch {
    // The status says enough.
  }
  const asked = ask.resource === '' ? `ask for ${ask.path}` : `${ask.verb.toLowerCase()} ${ask.resource}`;
  return statusProblem(answer.statusCode, answer.headers, Buffer.concat(chunks).toString('utf8'), asked);
}

function decoded(answer: Dispatcher.ResponseData): AsyncIterable<Buffer> {
  if (answer.headers['content-encoding'] !== 'gzip') return answer.body;
  return pipeline(answer.body, createGunzip(), () => {});
}

function isNear(server: string): boolean {
  const { hostname } = new URL(server);
  return /^(localhost$|127\.|\[::1\])/.test(hostname) || isInCluster(server);
}

function isInCluster(server: string): boolean {
  return server === `https://${process.env.KUBERNETES_SERVICE_HOST}:${process.env.KUBERNETES_SERVICE_PORT}`;
}
