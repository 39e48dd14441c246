import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../kubernetes/api-client.ts';
import { ApiProblem } from '../kubernetes/api-problem.ts';

const mostTries = 8;
/** A server that sends us away for longer is told as it is. */
const longestPauseMs = 15_000;

/**
 * The client for one who asks everything once: where the server asks to slow down (429) that is done, and what was asked
 * is asked again. `asked` is called for each request that leaves.
 */
export function patientClient(client: ApiClient, asked: () => void): ApiClient {
  const patient =
    <Q extends { signal?: AbortSignal }, R>(method: (ask: Q) => Promise<R>) =>
    async (ask: Q): Promise<R> => {
      for (let attempt = 1; ; attempt++) {
        asked();
        try {
          return await method(ask);
        } catch (error) {
          const isThrottled = error instanceof ApiProblem && error.kind === 'throttled';
          if (!isThrottled || attempt === mostTries || error.retryAfterMs > longestPauseMs) throw error;
          const pauseMs = Math.max(error.retryAfterMs, Math.min(longestPauseMs, 500 * 2 ** (attempt - 1)));
          await sleep(pauseMs * (1 + Math.random() * 0.2), undefined, { signal: ask.signal });
        }
      }
    };
  return { ...client, open: patient(client.open), text: patient(client.text), json: patient(client.json) };
}
