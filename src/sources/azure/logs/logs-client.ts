import type { LogsQueryClientOptions } from '@azure/monitor-query';
import type { AzureConnection } from '../azure-connection.ts';
import { connectionProblem, retryAfter } from '../azure-problem.ts';
import type { PipelinePolicy } from '../client-options.ts';
import { logProblem } from './log-problem.ts';

/** One question as it goes over the wire. */
export type LogsQuestion = {
  text: string;
  /** ISO 8601; '' = none. */
  timespan: string;
  /** Asked by /search, where the time range stands in the address alone. */
  isSearch: boolean;
  limitS: number;
};

/** What came: its bytes as they come, and when the service answered (its own clock, to the second; 0 = it does not say). */
export type LogsAnswer = { body: AsyncIterable<Buffer>; date: number };

export type LogsClient = {
  /** Resolves with the head of a good answer; rejects with an AzureProblem, or an AbortError when `signal` came. Never tries again. */
  ask(question: LogsQuestion, signal: AbortSignal): Promise<LogsAnswer>;
};

/** A workspace's GUID, or any resource whose logs are meant: a path from /subscriptions on. */
export type LogsPlace = { guid: string } | { resource: string };

/**
 * The only module that knows @azure/monitor-query, which its owners have replaced by @azure/monitor-query-logs. Of it we
 * use the request, the sign-in and the transport; the body is taken out of the pipeline before it is read, because the
 * client would hold all of it, make 1970 of null datetimes, and lose 100 ns of the others.
 */
export async function openLogsClient(connection: AzureConnection, place: LogsPlace): Promise<LogsClient> {
  const { LogsQueryClient } = await import('@azure/monitor-query');
  const asked = new WeakMap<object, Exchange>();
  const options = connection.options('logs');
  const host = new URL(options.endpoint).host;
  const client = new LogsQueryClient(connection.credential, {
    ...options,
    // A wait is the person's to see: whoever asks tries again.
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: takeBody(asked), position: 'perRetry' }, ...options.additionalPolicies],
  } as LogsQueryClientOptions);

  return {
    async ask(question, signal) {
      // The client hands this signal through to the request: by it the policy knows which question it carries.
      const own = new AbortController();
      const stop = () => own.abort();
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      const exchange: Exchange = { question, body: nothing(), date: 0 };
      asked.set(own.signal, exchange);
      const settings = {
        serverTimeoutInSeconds: question.limitS,
        includeQueryStatistics: true,
        includeVisualization: true,
        abortSignal: own.signal,
        // Time for the service to say itself that it took too long.
        requestOptions: { timeout: (question.limitS + 30) * 1_000 },
      };
      const span = { duration: question.timespan };
      try {
        if ('guid' in place) await client.queryWorkspace(place.guid, question.text, span, settings);
        else await client.queryResource(place.resource, question.text, span, settings);
      } catch (error) {
        signal.removeEventListener('abort', stop);
        throw signal.aborted ? error : problemOf(error, question, host);
      }
      const done = () => signal.removeEventListener('abort', stop);
      return { body: whole(exchange.body, signal, host, done), date: exchange.date };
    },
  };
}

type Exchange = { question: LogsQuestion; body: AsyncIterable<Buffer>; date: number };

/** Nearest to the wire but for what signs and carries: takes the body of a good answer and leaves an empty one. */
function takeBody(asked: WeakMap<object, Exchange>): PipelinePolicy {
  return {
    name: 'ciliscopeTakeBody',
    async sendRequest(request, next) {
      const exchange = request.abortSignal && asked.get(request.abortSignal);
      if (!exchange) return next(request);
      if (exchange.question.isSearch) search(request, exchange.question);
      // Refusals are read as text: they are short, and their words are needed.
      request.streamResponseStatusCodes = new Set([200]);
      const answer = await next(request);
      request.streamResponseStatusCodes = undefined as never;
      exchange.date = Date.parse(answer.headers.get('date') ?? '') || 0;
      // 204: the workspace holds nothing yet, which is an answer with no rows.
      if (answer.status !== 200 && answer.status !== 204) return answer;
      exchange.body = (answer.readableStreamBody as AsyncIterable<Buffer> | undefined) ?? nothing();
      answer.headers.set('content-type', 'application/json');
      return { ...answer, status: 200, readableStreamBody: undefined as never, bodyAsText: '{"tables":[]}' };
    },
  };
}

function search(request: { url: string; body?: unknown }, { text, timespan }: LogsQuestion): void {
  const url = new URL(request.url);
  url.pathname = url.pathname.replace(/\/query$/, '/search');
  if (timespan !== '') url.searchParams.set('timespan', timespan);
  request.url = url.href;
  request.body = JSON.stringify({ query: text });
}

async function* nothing(): AsyncIterable<Buffer> {}

async function* whole(
  body: AsyncIterable<Buffer>,
  signal: AbortSignal,
  host: string,
  done: () => void,
): AsyncIterable<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw signal.aborted ? error : connectionProblem(error, host);
  } finally {
    done();
  }
}

type Thrown = {
  statusCode?: number;
  response?: { bodyAsText?: string | null; headers: { get(name: string): string | undefined } };
};

function problemOf(error: unknown, { limitS }: LogsQuestion, host: string): Error {
  const { statusCode, response } = error as Thrown;
  if (statusCode === undefined || !response) return connectionProblem(error, host);
  return logProblem(
    statusCode,
    response.bodyAsText ?? '',
    retryAfter((name) => response.headers.get(name)),
    limitS,
  );
}
