import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Pauses between attempts: 0.8 s doubling to 30 s, up to half as long again by chance (client-go's figures). */
export function backoff(failures: number): number {
  if (failures <= 0) return 0;
  const pause = Math.min(800 * 2 ** (failures - 1), 30_000);
  return pause * (1 + Math.random() / 2);
}

/** Sleeps; an abort ends it early and is no error. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return;
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}

/** The promise, or the end of the wait, whichever comes first. Never rejects for the abort. */
export async function untilAborted(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return;
  const done = new AbortController();
  const aborted = signal && once(signal, 'abort', { signal: done.signal }).catch(() => {});
  await Promise.race([promise, ...(aborted ? [aborted] : [])]);
  done.abort();
}
