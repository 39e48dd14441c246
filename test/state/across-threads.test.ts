import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { LogEvent } from '../../src/model/asks.ts';
import {
  answerAcross,
  askAcross,
  type FromWorker,
  type ToWorker,
  type WorkerAsks,
} from '../../src/state/across-threads.ts';
import { nothingFor } from '../nothing-for.ts';

/** Both ends, with everything between them cloned as between threads. */
function pair(asks: Partial<WorkerAsks>): { asks: WorkerAsks; crossed: string[]; fail(error: Error): void } {
  const crossed: string[] = [];
  const across = askAcross((message: ToWorker) => {
    crossed.push(message.type);
    const copy = structuredClone(message);
    queueMicrotask(() => answers.receive(copy));
  });
  const answers = answerAcross(asks as WorkerAsks, (message: FromWorker) => {
    const copy = structuredClone(message);
    queueMicrotask(() => across.receive(copy));
  });
  return { asks: across.asks, crossed, fail: across.fail };
}

const never = new AbortController().signal;

describe('a question', () => {
  test('is answered', async () => {
    const { asks } = pair({ object: async (resource, namespace, name) => ({ resource, namespace, name }) });
    const resource = { group: 'g', version: 'v', plural: 'p' };
    expect(await asks.object(resource, 'n', 'x', never)).toEqual({ resource, namespace: 'n', name: 'x' });
  });

  test('that fails for a reason people can act on arrives as such', async () => {
    const { asks } = pair({
      async useContext() {
        throw new UserError('There is no context "x".', 'There are: y.');
      },
    });
    const error = await asks.useContext('x').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ what: 'There is no context "x".', hint: 'There are: y.' });
  });

  test('that fails brings its kind, no stack, and nothing that could steer a terminal', async () => {
    const failures = [
      new UserError('Gone\x1b[2J.', 'Try\u202e.', 'missing'),
      new TypeError('x\nis\x1b]0;t\x07 no object'),
    ];
    const { asks } = pair({
      async relist() {
        throw failures.shift();
      },
    });
    const first = await asks.relist('x').catch((reason: unknown) => reason);
    expect(first).toMatchObject({ what: 'Gone^[[2J.', hint: 'Try<U+202E>.', kind: 'missing' });
    const second = await asks.relist('x').catch((reason: unknown) => reason);
    expect(second).toMatchObject({ message: 'TypeError: x is^[]0;t^G no object' });
  });

  test('that nobody waits for any more is cancelled over there', async () => {
    let running = false;
    let cancelled = false;
    const { asks } = pair({
      async events(_ref, signal) {
        running = true;
        await sleep(10_000, undefined, { signal }).catch(() => {
          cancelled = true;
        });
        return [];
      },
    });
    const stop = new AbortController();
    const asked = asks.events({ kind: 'Pod', name: 'b' }, stop.signal);
    await vi.waitFor(() => expect(running).toBe(true));
    stop.abort();
    await expect(asked).rejects.toThrow('Cancelled');
    await vi.waitFor(() => expect(cancelled).toBe(true));
  });

  test('fails when the worker is gone, and so do all later ones', async () => {
    const { asks, fail } = pair({ contexts: () => new Promise(() => {}) });
    const waiting = asks.contexts();
    fail(new Error('The worker ended.'));
    await expect(waiting).rejects.toThrow('The worker ended.');
    await expect(asks.contexts()).rejects.toThrow('The worker ended.');
  });
});

describe('a stream', () => {
  const line = (text: string): LogEvent => ({ type: 'lines', lines: [text] });

  test('arrives in order and ends', async () => {
    const { asks } = pair({
      async *logs() {
        yield line('one');
        yield line('two');
      },
    });
    const got: LogEvent[] = [];
    for await (const item of asks.logs({ namespace: 'a', pod: 'b', container: 'c' }, never)) got.push(item);
    expect(got).toEqual([line('one'), line('two')]);
  });

  test('is made no faster than it is read, and ends over there when the reader leaves', async () => {
    let made = 0;
    let ended = false;
    const { asks } = pair({
      async *logs() {
        try {
          while (true) yield line(String(++made));
        } finally {
          ended = true;
        }
      },
    });
    let read = 0;
    for await (const _ of asks.logs({ namespace: 'a', pod: 'b', container: 'c' }, never)) {
      await nothingFor(2);
      expect(made).toBeLessThanOrEqual(read + 2);
      if (++read === 5) break;
    }
    await vi.waitFor(() => expect(ended).toBe(true));
  });

  test('brings what the reader sends with a pull to where it is made', async () => {
    const question = { type: 'asks', title: 'Sure?', choices: [] } as const;
    const heard: unknown[] = [];
    const { asks } = pair({
      async *runbook() {
        heard.push(yield question);
        heard.push(yield question);
      },
    });
    const news = asks.runbook({ id: 'one', targets: [], timeline: [] }, never);
    expect(await news.next()).toEqual({ done: false, value: question });
    await news.next('y');
    expect((await news.next()).done).toBe(true);
    expect(heard).toEqual(['y', undefined]);
  });

  test('that fails half-way hands out what came before', async () => {
    const { asks } = pair({
      async *logs() {
        yield line('one');
        throw new UserError('The pod is gone.');
      },
    });
    const got: LogEvent[] = [];
    const reading = (async () => {
      for await (const item of asks.logs({ namespace: 'a', pod: 'b', container: 'c' }, never)) got.push(item);
    })();
    await expect(reading).rejects.toThrow('The pod is gone.');
    expect(got).toEqual([line('one')]);
  });
});
