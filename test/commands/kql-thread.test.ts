import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createKqlThread } from '../../src/commands/kql-thread.ts';
import type { ToKql } from '../../src/kusto/kql-messages.ts';

/** Threads that answer, wait or die as they are told. */
function threads() {
  const begun: { asked: ToKql[]; thread: EventEmitter }[] = [];
  const start = () => {
    const thread = new EventEmitter();
    const asked: ToKql[] = [];
    begun.push({ asked, thread });
    return Object.assign(thread, {
      postMessage: (message: ToKql) => asked.push(message),
      terminate: () => Promise.resolve(0),
    }) as unknown as Worker;
  };
  const answer = (which: number) => {
    const { asked, thread } = begun[which] as (typeof begun)[number];
    thread.emit('message', { id: asked.at(-1)?.id, type: 'analysis', analysis: { tokens: [], problems: [] } });
  };
  return { begun, start, answer };
}
const never = new AbortController().signal;

describe('the thread that knows KQL', () => {
  it('starts with the first question, with the tables in front', async () => {
    const { begun, start, answer } = threads();
    const kql = createKqlThread(start);
    await kql.schema([{ name: 'T', columns: [] }]);
    expect(begun).toEqual([]);
    const answered = kql.analyse('T', never);
    expect(begun[0]?.asked.map(({ type }) => type)).toEqual(['schema', 'analyse']);
    answer(0);
    expect(await answered).toEqual({ tokens: [], problems: [] });
  });

  it('is asked one question at a time, and never one that nobody waits for', async () => {
    const { begun, start, answer } = threads();
    const kql = createKqlThread(start);
    const first = kql.analyse('a', never);
    const stale = new AbortController();
    const given = kql.analyse('ab', stale.signal);
    const last = kql.analyse('abc', never);
    stale.abort();
    await expect(given).rejects.toThrow('Cancelled');
    expect(begun[0]?.asked).toHaveLength(1);
    answer(0);
    await first;
    expect(begun[0]?.asked.map((one) => ('text' in one ? one.text : ''))).toEqual(['a', 'abc']);
    answer(0);
    await last;
  });

  it('is started once more when it dies, with the question it owed; the second time it says so', async () => {
    const { begun, start, answer } = threads();
    const kql = createKqlThread(start);
    const asked = kql.analyse('a', never);
    begun[0]?.thread.emit('error', new Error('out of memory'));
    begun[0]?.thread.emit('exit', 1);
    expect(begun).toHaveLength(2);
    answer(1);
    await asked;
    const lost = kql.analyse('b', never);
    begun[1]?.thread.emit('error', new Error('out of memory'));
    await expect(lost).rejects.toThrow(/have stopped: out of memory\. Queries run all the same/);
    await expect(kql.analyse('c', never)).rejects.toThrow(/have stopped/);
    expect(begun).toHaveLength(2);
  });

  it('a text it cannot read fails alone', async () => {
    const { begun, start } = threads();
    const kql = createKqlThread(start);
    const asked = kql.analyse('a', never);
    begun[0]?.thread.emit('message', { id: begun[0].asked[0]?.id, type: 'failed', problem: 'no such thing' });
    await expect(asked).rejects.toThrow('no such thing');
    void kql.analyse('b', never).catch(() => {});
    expect(begun[0]?.asked).toHaveLength(2);
    await kql.close();
  });
});
