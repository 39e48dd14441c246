import { UserError } from '../errors.ts';
import type { Asks } from '../model/asks.ts';
import type { BundleAsks } from '../model/bundle/bundle-request.ts';
import type { KindId } from '../model/kinds.ts';
import type { PolicyAsks } from '../model/policies/policy-asks.ts';
import type { RunbookAsks } from '../model/runbook-result.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { WriteJobs } from '../model/write-jobs.ts';
import type { Packed } from './packing.ts';

/** Asks, and what only the program itself asks of its worker. */
export type WorkerAsks = Asks &
  WriteJobs &
  BundleAsks &
  RunbookAsks & {
    /** Reads these watched objects anew by GET; what the server says enters the snapshot. */
    reread(objects: readonly { kind: KindId; namespace: string; name: string }[], signal: AbortSignal): Promise<void>;
    /** True: only watches run from now on. False: the server is asked at once how it is, and all goes on. */
    rest(resting: boolean): Promise<void>;
    policies: PolicyAsks;
  };

type Group = 'policies' | 'azure';

/** What is asked for by name. */
type Asked = Exclude<keyof WorkerAsks, Group> | { [G in Group]: `${G}.${keyof WorkerAsks[G] & string}` }[Group];

export type ToWorker =
  | { type: 'ask'; id: number; name: Asked; args: readonly unknown[] }
  | { type: 'next'; id: number; said?: unknown }
  | { type: 'cancel'; id: number }
  | { type: 'close' };

export type FromWorker =
  | { type: 'changes'; changes: Packed[] }
  | { type: 'ready' }
  | { type: 'refused'; failure: Failure }
  | { type: 'answer'; id: number; value: unknown }
  | { type: 'item'; id: number; value: unknown }
  | { type: 'end'; id: number }
  | { type: 'error'; id: number; failure: Failure };

/** An error made of plain data: prototypes do not survive the crossing. Text is fit to be drawn. */
export type Failure = { user: boolean; what: string; hint: string; kind: string };

const longest = 4_096;

export function toFailure(error: unknown): Failure {
  if (error instanceof UserError) {
    const { what, hint, kind } = error;
    return { user: true, what: sanitiseLine(what, longest), hint: sanitiseLine(hint, longest), kind };
  }
  // Whoever draws it draws one line: no stack.
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { user: false, what: sanitiseLine(message, longest), hint: '', kind: '' };
}

export function fromFailure(failure: Failure): Error {
  return failure.user ? new UserError(failure.what, failure.hint, failure.kind) : new Error(failure.what);
}

type Pending = { resolve(message: FromWorker): void; reject(error: Error): void };

/** The asking side. `receive` takes what comes from the worker; `fail` rejects everything that still waits. */
export function askAcross(post: (message: ToWorker) => void): {
  asks: WorkerAsks;
  receive(message: FromWorker): void;
  fail(error: Error): void;
} {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let broken: Error | undefined;

  function exchange(id: number, message: ToWorker): Promise<FromWorker> {
    if (broken !== undefined) return Promise.reject(broken);
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject });
      post(message);
    });
  }

  function cancelWith(id: number, signal: AbortSignal | undefined): () => void {
    const cancel = () => {
      post({ type: 'cancel', id });
      const waiting = pending.get(id);
      pending.delete(id);
      waiting?.reject(abortError());
    };
    signal?.addEventListener('abort', cancel, { once: true });
    return () => signal?.removeEventListener('abort', cancel);
  }

  async function call<T>(name: Asked, args: readonly unknown[], signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw abortError();
    lastId += 1;
    const id = lastId;
    const done = cancelWith(id, signal);
    try {
      const answer = await exchange(id, { type: 'ask', id, name, args });
      return (answer.type === 'answer' ? answer.value : undefined) as T;
    } finally {
      done();
    }
  }

  /**
   * One item crosses for each that is asked for: a slow reader slows the worker's end, and nothing piles up between. What
   * the reader sends with a pull arrives there as what its `yield` gave.
   */
  async function* stream<T, Said = unknown>(
    name: Asked,
    args: readonly unknown[],
    signal: AbortSignal,
  ): AsyncGenerator<T, void, Said> {
    if (signal.aborted) return;
    lastId += 1;
    const id = lastId;
    const done = cancelWith(id, signal);
    let open = true;
    try {
      let message = await exchange(id, { type: 'ask', id, name, args });
      while (message.type === 'item') {
        const said = yield message.value as T;
        message = await exchange(id, { type: 'next', id, said });
      }
      open = false;
    } catch (error) {
      open = false;
      if (!signal.aborted) throw error;
    } finally {
      done();
      if (open && !signal.aborted) post({ type: 'cancel', id });
    }
  }

  return {
    asks: {
      object: (resource, namespace, name, signal) => call('object', [resource, namespace, name], signal),
      objects: (resource, scope, signal) => call('objects', [resource, scope], signal),
      resources: (signal) => call('resources', [], signal),
      table: (resource, scope, signal) => stream('table', [resource, scope], signal),
      logs: (request, signal) => stream('logs', [request], signal),
      agent: (agent, question, signal) => call('agent', [agent, question], signal),
      drops: (agent, signal) => stream('drops', [agent], signal),
      flows: (agent, only, signal) => stream('flows', [agent, only], signal),
      certificates: (namespace, name, signal) => call('certificates', [namespace, name], signal),
      truthCheck: (target, signal) => call('truthCheck', [target], signal),
      lagSample: (signal) => call('lagSample', [], signal),
      events: (ref, signal) => call('events', [ref], signal),
      redact: (value, signal) => call('redact', [value], signal),
      rights: (writing, signal) => call('rights', [writing], signal),
      audit: () => call('audit', []),
      contexts: () => call('contexts', []),
      useContext: (name) => call('useContext', [name]),
      relist: (source) => call('relist', [source]),
      reread: (objects, signal) => call('reread', [objects], signal),
      rest: (resting) => call('rest', [resting]),
      rehearse: (request, signal) => call('rehearse', [request], signal),
      openWrites: (ms, rights, signal) => call('openWrites', [ms, rights], signal),
      closeWrites: () => call('closeWrites', []),
      beginJob: (job) => call('beginJob', [job]),
      sendWrite: (job, request) => call('sendWrite', [job, request]),
      tellJob: (job, progress, stopping) => call('tellJob', [job, progress, stopping]),
      endJob: (job, outcome, text) => call('endJob', [job, outcome, text]),
      undoRecord: (id) => call('undoRecord', [id]),
      takeBundle: (request, signal) => stream('takeBundle', [request], signal),
      endBundle: () => call('endBundle', []),
      runbook: (request, signal) => stream('runbook', [request], signal),
      suspects: (signal) => call('suspects', [], signal),
      planDeployment: (wish, signal) => call('planDeployment', [wish], signal),
      operate: (change, signal) => stream('operate', [change], signal),
      policies: {
        verdict: (question, signal) => call('policies.verdict', [question], signal),
        policy: (ref, signal) => call('policies.policy', [ref], signal),
        reach: (end, direction, signal) => call('policies.reach', [end, direction], signal),
        map: (only, signal) => call('policies.map', [only], signal),
        cell: (from, to, signal) => call('policies.cell', [from, to], signal),
        whatIf: (draft, signal) => call('policies.whatIf', [draft], signal),
        ends: (typed, signal) => call('policies.ends', [typed], signal),
      },
      azure: {
        signIn: (signal) => call('azure.signIn', [], signal),
        signOut: () => call('azure.signOut', []),
        refresh: (signal) => call('azure.refresh', [], signal),
        query: (query, signal) => stream('azure.query', [query], signal),
        tail: (tail, signal) => stream('azure.tail', [tail], signal),
      },
    },
    receive(message) {
      if (!('id' in message)) return;
      const waiting = pending.get(message.id);
      pending.delete(message.id);
      if (message.type === 'error') waiting?.reject(fromFailure(message.failure));
      else waiting?.resolve(message);
    },
    fail(error) {
      broken = error;
      for (const waiting of pending.values()) waiting.reject(error);
      pending.clear();
    },
  };
}

/** The answering side: takes what the other thread asks, one call or one stream per id. */
export function answerAcross(
  asks: WorkerAsks,
  post: (message: FromWorker) => void,
): { receive(message: ToWorker): void; close(): void } {
  const running = new Map<number, { stop: AbortController; items?: AsyncIterator<unknown, unknown, unknown> }>();

  async function step(id: number, items: AsyncIterator<unknown, unknown, unknown>, said?: unknown): Promise<void> {
    try {
      const next = await items.next(said);
      if (!running.has(id)) return;
      if (next.done) running.delete(id);
      post(next.done ? { type: 'end', id } : { type: 'item', id, value: next.value });
    } catch (error) {
      if (running.delete(id)) post({ type: 'error', id, failure: toFailure(error) });
    }
  }

  async function begin(id: number, name: Asked, args: readonly unknown[]): Promise<void> {
    const stop = new AbortController();
    running.set(id, { stop });
    try {
      const answer = find(asks, name)(...args, stop.signal);
      if (Symbol.asyncIterator in answer) {
        const items = answer[Symbol.asyncIterator]();
        running.set(id, { stop, items });
        await step(id, items);
        return;
      }
      const value = await answer;
      if (running.delete(id)) post({ type: 'answer', id, value });
    } catch (error) {
      if (running.delete(id)) post({ type: 'error', id, failure: toFailure(error) });
    }
  }

  function cancel(id: number): void {
    const one = running.get(id);
    running.delete(id);
    one?.stop.abort();
    void one?.items?.return?.().catch(() => {});
  }

  return {
    receive(message) {
      if (message.type === 'ask') void begin(message.id, message.name, message.args);
      else if (message.type === 'cancel') cancel(message.id);
      else if (message.type === 'next') {
        const items = running.get(message.id)?.items;
        if (items === undefined) post({ type: 'end', id: message.id });
        else void step(message.id, items, message.said);
      }
    },
    close() {
      for (const id of [...running.keys()]) cancel(id);
    },
  };
}

type Ask = (...args: readonly unknown[]) => Promise<unknown> | AsyncIterable<unknown>;

function find(asks: WorkerAsks, name: Asked): Ask {
  const [group, one] = name.split('.') as [string, string | undefined];
  const found = asks[group as keyof WorkerAsks] as unknown as Ask & Readonly<Record<string, Ask>>;
  return one === undefined ? found : (found[one] as Ask);
}

function abortError(): Error {
  const error = new Error('Cancelled.');
  error.name = 'AbortError';
  return error;
}
