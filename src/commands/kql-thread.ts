import { Worker } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import type { FromKql, ToKql } from '../kusto/kql-messages.ts';
import type { KqlAsks } from '../model/azure/azure-asks.ts';

export type KqlThread = KqlAsks & { close(): Promise<void> };

type Question = ToKql extends infer Q ? (Q extends unknown ? Omit<Q, 'id'> : never) : never;
type Pending = {
  question: Question;
  signal: AbortSignal | undefined;
  resolve(answer: FromKql): void;
  reject(error: Error): void;
};

/**
 * What KQL means, asked of a thread that starts with the first question (a second, 160 MB) and ends with `close`. One
 * question is with the thread at a time; who gave up on the one that waits costs it nothing. A thread that dies is
 * started once more; when that one dies too, every question is refused with the reason.
 */
export function createKqlThread(start: () => Worker = startThread): KqlThread {
  const waiting: Pending[] = [];
  let asked: (Pending & { id: number }) | undefined;
  let thread: Worker | undefined;
  let schema: Extract<Question, { type: 'schema' }> | undefined;
  let lastId = 0;
  let deaths = 0;
  let closed = false;

  function next(): void {
    if (asked !== undefined || closed) return;
    const pending = waiting.shift();
    if (pending === undefined) return;
    if (pending.signal?.aborted) {
      next();
      return;
    }
    lastId += 1;
    asked = { ...pending, id: lastId };
    thread ??= begin();
    thread.postMessage({ ...pending.question, id: lastId } satisfies ToKql);
  }

  function begin(): Worker {
    const begun = start();
    begun.on('message', (answer: FromKql) => {
      if (answer.id !== asked?.id) return;
      const { resolve } = asked;
      asked = undefined;
      resolve(answer);
      next();
    });
    begun.on('error', (error) => died(begun, error instanceof Error ? error.message : String(error)));
    begun.on('exit', () => died(begun, 'its thread ended'));
    // The tables are told before anything else, also to the thread that comes after a crash.
    if (schema !== undefined) begun.postMessage({ ...schema, id: 0 } satisfies ToKql);
    return begun;
  }

  function died(which: Worker, why: string): void {
    if (which !== thread || closed) return;
    thread = undefined;
    deaths += 1;
    const lost = asked;
    asked = undefined;
    if (deaths > 1) {
      const error = broken(why);
      for (const one of [lost, ...waiting.splice(0)]) one?.reject(error);
      return;
    }
    if (lost !== undefined) waiting.unshift(lost);
    next();
  }

  function ask(question: Question, signal?: AbortSignal): Promise<FromKql> {
    if (closed) return Promise.reject(new UserError('KQL is no longer read: the console is closing.'));
    if (deaths > 1) return Promise.reject(broken('it died twice'));
    if (signal?.aborted) return Promise.reject(aborted());
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(aborted()), { once: true });
      waiting.push({ question, signal, resolve, reject });
      next();
    });
  }

  return {
    async schema(tables) {
      schema = { type: 'schema', tables };
      // Not worth starting for: whoever asks first brings it along.
      if (thread !== undefined) await ask(schema);
    },
    async analyse(text, signal) {
      const answer = await ask({ type: 'analyse', text }, signal);
      if (answer.type !== 'analysis') throw unanswered(answer);
      return answer.analysis;
    },
    async complete(text, offset, signal) {
      const answer = await ask({ type: 'complete', text, offset }, signal);
      if (answer.type !== 'completions') throw unanswered(answer);
      return answer.completions;
    },
    async close() {
      closed = true;
      const error = new UserError('KQL is no longer read: the console is closing.');
      for (const one of [asked, ...waiting.splice(0)]) one?.reject(error);
      await thread?.terminate();
    },
  };
}

/** Beside us in dist/, where everything is bundled flat; in the sources one folder up. */
function startThread(): Worker {
  const file = import.meta.url.endsWith('.ts')
    ? new URL('../kql.ts', import.meta.url)
    : new URL('./kql.js', import.meta.url);
  const thread = new Worker(file, {
    stdout: true,
    stderr: true,
    name: 'ciliscope-kql',
    // Without it V8 keeps three times of what is needed (bench/kql-completion.ts).
    resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 384 },
  });
  // What the library prints is lost: it must not reach the terminal behind the screen's back.
  thread.stdout.resume();
  thread.stderr.resume();
  return thread;
}

function broken(why: string): UserError {
  return new UserError(
    `Completion and checking of KQL have stopped: ${why}.`,
    'Queries run all the same; the service says what is wrong with them.',
  );
}

function unanswered(answer: FromKql): Error {
  return new Error(answer.type === 'failed' ? answer.problem : 'the answer is to another question');
}

function aborted(): Error {
  const error = new Error('Cancelled.');
  error.name = 'AbortError';
  return error;
}
