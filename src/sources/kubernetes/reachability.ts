import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem, connectionProblem } from './api-problem.ts';
import type { Ask } from './http-pool.ts';
import { untilAborted } from './waiting.ts';

/** Whether the server answers, and how fast. */
export type Reachability = {
  /** A small request that only shows whether the server answers; one at a time, whoever asks. Throws ApiProblem. */
  probe(): Promise<void>;
  /** When the last probe was answered. 0 = never. */
  probed(): number;
  /** Round trip of the last probe, ms. */
  latency(): number;
  /** gitVersion as the last probe told, '' before. */
  serverVersion(): string;
  /** Resolves when the server can be reached; one scout for all who wait, and each hears why it was not yet. */
  reached(signal: AbortSignal, onProblem: (problem: ApiProblem) => void): Promise<void>;
};

export type ReachabilityOptions = {
  text(ask: Ask): Promise<string>;
  server(): string;
  /** A probe must be answered in this time, ms. */
  probeMs: number;
  closing: AbortSignal;
};

export function createReachability({ text, server, probeMs, closing }: ReachabilityOptions): Reachability {
  let probing: Promise<void> | undefined;
  let probed = 0;
  let latency = 0;
  let version = '';
  let reaching: Promise<void> | undefined;
  const waiting = new Set<(problem: ApiProblem) => void>();

  async function probe(): Promise<void> {
    const started = performance.now();
    try {
      const body = await text({ verb: 'GET', resource: 'version', path: '/version', headMs: probeMs });
      version = /"gitVersion":\s*"(v[\w.+-]{1,60})"/.exec(body)?.[1] ?? version;
    } catch (error) {
      // Any answer shows that the way to the server is open.
      if (!(error instanceof ApiProblem) || error.status === 0) throw error;
    }
    probed = Date.now();
    latency = Math.max(1, Math.round(performance.now() - started));
  }

  function probeOnce(): Promise<void> {
    probing ??= probe().finally(() => {
      probing = undefined;
    });
    return probing;
  }

  async function knock(): Promise<void> {
    for (let pause = 250; !closing.aborted; pause = Math.min(pause * 2, 4_000)) {
      try {
        await probeOnce();
        return;
      } catch (error) {
        for (const tell of waiting) tell(connectionProblem(error, server()));
        await sleep(pause, undefined, { signal: closing }).catch(() => {});
      }
    }
  }

  return {
    probe: probeOnce,
    probed: () => probed,
    latency: () => latency,
    serverVersion: () => version,
    async reached(signal, onProblem) {
      waiting.add(onProblem);
      reaching ??= knock()
        .catch(() => {})
        .finally(() => {
          reaching = undefined;
        });
      await untilAborted(reaching, signal).finally(() => waiting.delete(onProblem));
    },
  };
}
