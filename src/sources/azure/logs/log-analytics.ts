import type { AzureAsks } from '../../../model/azure/azure-asks.ts';
import type { LogQuery, QueryEvent } from '../../../model/azure/log-query.ts';
import { pause } from '../../kubernetes/waiting.ts';
import { AzureProblem } from '../azure-problem.ts';
import { follow } from './follow.ts';
import type { LogsClient } from './logs-client.ts';
import { createAnswerReader } from './read-answer.ts';
import { readEvents } from './read-events.ts';

/** How often one question is put again when the service asks to wait, and the longest wait that is worth it, ms. */
const attempts = 3;
const longestWaitMs = 60_000;

/** Questions to one workspace. `open` is asked for the client with each question: who is signed in may change. */
export function createLogAnalytics(open: () => LogsClient | Promise<LogsClient>): Pick<AzureAsks, 'query' | 'tail'> {
  return {
    async *query(query, signal) {
      const client = await open();
      // Whoever stops reading ends the request as well.
      const stop = new AbortController();
      const either = AbortSignal.any([signal, stop.signal]);
      try {
        for (let attempt = 1; !either.aborted; attempt += 1) {
          const wait = yield* askOnce(client, query, either, attempt < attempts);
          if (wait === undefined) return;
          yield [{ type: 'waiting', until: Date.now() + wait, why: 'Log Analytics asks to wait.', kind: 'throttled' }];
          await pause(wait, either);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        stop.abort();
      }
    },
    async *tail(tail, signal) {
      const stop = new AbortController();
      try {
        yield* follow(await open(), tail, AbortSignal.any([signal, stop.signal]));
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        stop.abort();
      }
    },
  };
}

/** Returns how long to wait before the same question is put again, ms; nothing where it was answered. */
async function* askOnce(
  client: LogsClient,
  query: LogQuery,
  signal: AbortSignal,
  mayWait: boolean,
): AsyncGenerator<readonly QueryEvent[], number | undefined> {
  const { text, timespan, searchTable, limitS, mostRows } = query;
  const began = performance.now();
  const reader = createAnswerReader(mostRows);
  try {
    const { body } = await client.ask({ text, timespan, limitS, isSearch: searchTable !== '' }, signal);
    yield* readEvents(body, reader);
  } catch (error) {
    if (!mayWait || !(error instanceof AzureProblem) || error.kind !== 'throttled') throw error;
    if (error.retryAfterMs > longestWaitMs) throw error;
    return error.retryAfterMs || 5_000;
  }
  const statistics = reader.statistics();
  const end = { type: 'end', rows: reader.rows(), ms: performance.now() - began, bytes: reader.bytes() } as const;
  yield [statistics === '' ? end : { ...end, statistics }];
  return undefined;
}
