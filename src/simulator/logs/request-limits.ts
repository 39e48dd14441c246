// How much one caller may ask (domain §8.4): requests in half a minute, queries at once, and those that wait for a place.
import { setTimeout as sleep } from 'node:timers/promises';

const windowMs = 30_000;
const mostInWindow = 200;
const mostWaiting = 200;
const longestWaitMs = 180_000;
const mostAtOnce = { query: 5, search: 2 } as const;

export type Endpoint = keyof typeof mostAtOnce;

/** `refused`: seconds after which to come back. */
export type Place = { leave(): void } | { refused: number };

export type RequestLimits = {
  /** A place among what this caller may run at once; waits for one where that is allowed. */
  enter(caller: string, endpoint: Endpoint, signal: AbortSignal): Promise<Place>;
};

type Usage = { asked: number[]; running: Record<Endpoint, number>; waiting: (() => void)[] };

export function createRequestLimits(now: () => number): RequestLimits {
  const users = new Map<string, Usage>();
  return {
    async enter(caller, endpoint, signal) {
      const usage = users.get(caller) ?? { asked: [], running: { query: 0, search: 0 }, waiting: [] };
      users.set(caller, usage);
      const at = now();
      usage.asked = usage.asked.filter((one) => one > at - windowMs);
      if (usage.asked.length >= mostInWindow) {
        return { refused: Math.ceil(((usage.asked[0] ?? at) + windowMs - at) / 1000) };
      }
      usage.asked.push(at);
      if (usage.running[endpoint] >= mostAtOnce[endpoint]) {
        // /search has no queue.
        if (endpoint === 'search' || usage.waiting.length >= mostWaiting) return { refused: 10 };
        if (!(await turn(usage, signal))) return { refused: 30 };
      }
      usage.running[endpoint]++;
      let left = false;
      return {
        leave() {
          if (left) return;
          left = true;
          usage.running[endpoint]--;
          if (endpoint === 'query') usage.waiting.shift()?.();
        },
      };
    },
  };
}

/** False where the wait took too long, or nobody waits any more. */
async function turn(usage: Usage, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  let mine = () => {};
  const called = new Promise<true>((resolve) => {
    mine = () => resolve(true);
    usage.waiting.push(mine);
  });
  const late = sleep(longestWaitMs, false, { signal: AbortSignal.any([signal, over.signal]), ref: false }).catch(
    () => false,
  );
  const reached = await Promise.race([called, late]);
  over.abort();
  if (!reached) usage.waiting = usage.waiting.filter((one) => one !== mine);
  return reached;
}
