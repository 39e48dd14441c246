import type { Dispatcher } from 'undici';
import { type Admission, createAdmission } from './admission.ts';
import { decoded, problemOf } from './answer-body.ts';
import { ApiProblem, connectionProblem } from './api-problem.ts';
import type { Credentials } from './credentials.ts';
import { type Ask, createHttpPool } from './http-pool.ts';
import { isNear } from './near.ts';
import { createReachability, type Reachability } from './reachability.ts';
import type { RequestLog } from './request-log.ts';
import type { ServerClock } from './server-clock.ts';
import type { TellExec } from './tell-exec.ts';

export type Answer = { status: number; headers: Dispatcher.ResponseData['headers']; body: AsyncIterable<Buffer> };

/** One cluster, asked with one set of credentials over one pool of connections. Every method throws ApiProblem. */
export type ApiClient = Reachability &
  Pick<Admission, 'readmitted'> & {
    credentials: Credentials;
    /** The answer with its body still to come; only 2xx. Whoever opens must read to the end or abort. */
    open(ask: Ask): Promise<Answer>;
    /** The whole body, within `headMs` for the head and twice the client's limit for the rest. */
    text(ask: Ask): Promise<string>;
    json(ask: Ask): Promise<unknown>;
    /** For what does not go through `open`: WebSockets. */
    count: RequestLog['add'];
    /** Commands in containers do not go through `open` either. */
    tellExec: TellExec;
    /** On this machine, or in the cluster we run in. */
    near(): boolean;
    /** ms since 1970 by the server's clock. */
    now(): number;
    close(): Promise<void>;
  };

export type ApiClientOptions = {
  credentials: Credentials;
  log: RequestLog;
  userAgent: string;
  requestMs: number;
  clock: ServerClock;
  tellExec?: TellExec;
  /** A probe must be answered in this time, ms. */
  probeMs?: number;
};

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { credentials, log, requestMs, probeMs = 4_000 } = options;
  const end = new AbortController();
  const closing = end.signal;
  const server = () => credentials.session().cluster.server;
  const pool = createHttpPool({ ...options, closing });
  const admission = createAdmission({ credentials, pool, probeMs, closing });
  const reachability = createReachability({ text, server, probeMs, closing });

  async function open(ask: Ask): Promise<Answer> {
    const asked = performance.now();
    const answer = await admission.send(ask);
    reachability.answered(asked);
    if (answer.statusCode < 200 || answer.statusCode > 299) throw await problemOf(answer, ask);
    return { status: answer.statusCode, headers: answer.headers, body: decoded(answer) };
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
      if (ask.signal?.aborted || closing.aborted) throw error;
      throw connectionProblem(late.aborted ? late.reason : error, server());
    }
  }

  return {
    ...reachability,
    credentials,
    open,
    text,
    async json(ask) {
      const body = await text(ask);
      try {
        return JSON.parse(body);
      } catch {
        throw new ApiProblem(
          'server',
          `${server()} does not answer as a Kubernetes API server does.`,
          'Check `server` in the kubeconfig.',
        );
      }
    },
    readmitted: admission.readmitted,
    count: log.add,
    tellExec: options.tellExec ?? (async () => () => {}),
    near: () => isNear(server()),
    now: options.clock.now,
    async close() {
      end.abort();
      credentials.close();
      await pool.close();
    },
  };
}
