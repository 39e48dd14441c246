import { setImmediate as othersFirst } from 'node:timers/promises';
import type { Turns } from '../model/policies/turns.ts';

/** Between two turns connections are read and messages heard. Rejects when `signal` aborts. */
export async function inTurns<Result>(turns: Turns<Result>, signal?: AbortSignal): Promise<Result> {
  for (;;) {
    const { done, value } = turns.next();
    if (done) return value;
    await othersFirst();
    signal?.throwIfAborted();
  }
}
