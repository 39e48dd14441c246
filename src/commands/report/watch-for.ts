import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so long, or until ctrl-c: what was seen until then is enough. Tells every second how long it will be yet. */
export async function watchFor(ms: number, say: (leftMs: number) => void): Promise<void> {
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once('SIGINT', end);
  const until = Date.now() + ms;
  try {
    for (let left = ms; left > 0 && !stop.signal.aborted; left = until - Date.now()) {
      say(left);
      await sleep(Math.min(left, 1_000), undefined, { signal: stop.signal }).catch(() => {});
    }
  } finally {
    process.off('SIGINT', end);
  }
}
