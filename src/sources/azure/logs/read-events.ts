import { setTimeout as pause } from 'node:timers/promises';
import type { QueryEvent } from '../../../model/azure/log-query.ts';
import { AzureProblem } from '../azure-problem.ts';
import type { AnswerReader } from './read-answer.ts';

/** Rows that have come wait for more of them at most this long, ms. */
const flushMs = 50;
const enoughRows = 500;
/** No byte of an answer that has begun for this long: it will not go on, ms. */
const silenceMs = 60_000;

/** What an answer tells, in batches, while it comes. Reads no faster than it is read. Ends without `end`: whoever asked knows more. */
export async function* readEvents(
  body: AsyncIterable<Buffer>,
  reader: AnswerReader,
): AsyncGenerator<readonly QueryEvent[]> {
  const chunks = body[Symbol.asyncIterator]();
  let held: QueryEvent[] = [];
  let rows = 0;
  let next = chunks.next();
  for (;;) {
    const got = await within(next, held.length > 0 ? flushMs : silenceMs);
    if (got === 'late') {
      if (held.length === 0)
        throw new AzureProblem('unreachable', 'The answer of Log Analytics stands still.', 'Ask again.');
      yield held;
      held = [];
      rows = 0;
      continue;
    }
    if (got.done) break;
    for (const event of reader.push(got.value)) {
      held.push(event);
      if (event.type === 'rows') rows += event.rows.length;
    }
    if (rows >= enoughRows) {
      yield held;
      held = [];
      rows = 0;
    }
    next = chunks.next();
  }
  held.push(...reader.end());
  if (held.length > 0) yield held;
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  const timer = new AbortController();
  // Whoever gives up earlier has ended the connection: what then becomes of this promise is told by nobody else.
  promise.catch(() => {});
  const late = pause(ms, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}
