import { ApiProblem, connectionProblem } from './api-problem.ts';
import type { Ask } from './http-pool.ts';
import { pause, untilAborted } from './waiting.ts';

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
  /** Aborts when the server answers again after a probe of it failed, whoever it answers: then no pause is worth its time. */
  returned(): AbortSignal;
  /** The server answered something that was asked at this time. */
  answered(askedAt: number): void;
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
  /** When the first probe that failed was sent; 0 = the way is open. And when what was answered last was sent. */
  let lost = 0;
  let heard = 0;
  let back = new AbortController();
  const waiting = new Set<(problem: ApiProblem) => void>();

  /** What was asked before it was lost shows nothing: an answer may have been on its way. */
  function answered(askedAt: number): void {
    heard = Math.max(heard, askedAt);
    if (lost === 0 || askedAt < lost) return;
    lost = 0;
    const told = back;
    back = new AbortController();
    told.abort();
  }

  async function probe(): Promise<void> {
    const started = performance.now();
    try {
      const body = await text({ verb: 'GET', resource: 'version', path: '/version', headMs: probeMs });
      version = /"gitVersion":\s*"(v[\w.+-]{1,60})"/.exec(body)?.[1] ?? version;
    } catch (error) {
      // Any answer shows that the way to the server is open.
      if (!(error instanceof ApiProblem) || error.status === 0) {
        if (started > heard) lost ||= started;
        throw error;
      }
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
    for (let rest = 250; !closing.aborted; rest = Math.min(rest * 2, 4_000)) {
      try {
        await probeOnce();
        return;
      } catch (error) {
        for (const tell of waiting) tell(connectionProblem(error, server()));
        await pause(rest, AbortSignal.any([closing, back.signal]));
      }
    }
  }

  return {
    probe: probeOnce,
    probed: () => probed,
    latency: () => latency,
    serverVersion: () => version,
    returned: () => back.signal,
    answered,
    async reached(signal, onProblem) {
      waiting.add(onProblem);
      reaching ??= knock()
        .catch(() => {})
        .finally(() => {
          reaching = undefined;
        });
      await untilAborted(reaching, AbortSignal.any([signal, back.signal])).finally(() => waiting.delete(onProblem));
    },
  };
}
