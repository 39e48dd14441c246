import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Long enough for what must not happen to have happened: only for tests of absence, which afterwards say what was not to
 * be. Whatever should appear is waited for instead. In milliseconds.
 */
export async function nothingFor(ms: number): Promise<void> {
  await sleep(ms);
}
