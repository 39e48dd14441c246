import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Config } from '../config.ts';
import { apply, emptySnapshot } from '../model/snapshot.ts';
import { askAcross, type FromWorker, fromFailure, type ToWorker, type WorkerAsks } from '../state/across-threads.ts';
import { createUnpacker } from '../state/packing.ts';
import { createSnapshotStore, type Store } from '../state/store.ts';

/** A cluster being watched: the console, `check` and the plain snapshot all stand on one of these. */
export type Connection = {
  /** Fills as the server answers; usable from the first moment. */
  store: Store;
  asks: WorkerAsks;
  /**
   * Resolves when the server has answered as a Kubernetes API server and the lists are under way. Rejects with a
   * UserError when that cannot be: kubeconfig, unknown context, unreachable, TLS, credentials, some other server.
   * Later trouble is told by the links in the snapshot and never rejects anything.
   */
  ready: Promise<void>;
  /** Resolves with the reason when the worker itself dies: our bug. Never rejects. */
  crashed: Promise<Error>;
  /** Ends every watch, stream and the worker. */
  close(): Promise<void>;
};

/** A worker that does not end by itself in this time is ended. */
const goodbyeMs = 500;
/** A plugin runs in a session of its own: Ctrl-C reaches us, but not it. */
const deadly = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * What has just been made and may be gone soon has this much room, MB. V8 would take four times as much while a large
 * list is read: 200 MB more at 100,000 endpoints, for three in a hundred of the processor's time (bench/sync.ts).
 */
const youngMegabytes = 12;

/**
 * Starts the worker that holds the connections and keeps a store in step with it. Returns at once. `env` is the worker's
 * whole environment: where credentials are looked for.
 */
export function connect(config: Config, env: NodeJS.ProcessEnv = process.env): Connection {
  const worker = new Worker(workerFile(), {
    workerData: config,
    env,
    // What a library prints must not reach the terminal behind the screen's back.
    stdout: true,
    stderr: true,
    name: 'ciliscope-worker',
    resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
  });
  const store = createSnapshotStore(emptySnapshot(Date.now()), apply);
  const unpack = createUnpacker();
  const across = askAcross((message: ToWorker) => worker.postMessage(message));
  const ready = Promise.withResolvers<void>();
  const crashed = Promise.withResolvers<Error>();
  const gone = Promise.withResolvers<void>();
  ready.promise.catch(() => {});

  let closing = false;
  const fail = (error: Error) => {
    if (closing) return;
    ready.reject(error);
    across.fail(error);
    crashed.resolve(error);
  };
  let lastWords = '';
  worker.stdout.resume();
  worker.stderr.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-4_000);
  });
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => {
    gone.resolve();
    fail(new Error(`The worker ended with code ${code}. ${lastWords}`.trim()));
  });
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'changes') store.push(unpack(message.changes));
    else if (message.type === 'ready') ready.resolve();
    else if (message.type === 'refused') ready.reject(fromFailure(message.failure));
    else across.receive(message);
  });

  const onSignal = (signal: NodeJS.Signals) => {
    // The console has words of its own before it closes us.
    if (process.listenerCount(signal) === 1) void connection.close().then(() => process.kill(process.pid, signal));
  };
  for (const signal of deadly) process.on(signal, onSignal);

  const connection: Connection = {
    store,
    asks: {
      ...across.asks,
      // What they brought about is to be seen by whoever waited for them.
      async useContext(name) {
        await across.asks.useContext(name);
        store.flush();
      },
      async reread(objects, signal) {
        await across.asks.reread(objects, signal);
        store.flush();
      },
    },
    ready: ready.promise,
    crashed: crashed.promise,
    async close() {
      closing = true;
      for (const signal of deadly) process.off(signal, onSignal);
      across.fail(new Error('The connection was closed.'));
      store.close();
      // By itself it ends what it started (a plugin that hangs would outlive it); but we do not wait for ever.
      const late = new AbortController();
      worker.postMessage({ type: 'close' } satisfies ToWorker);
      await Promise.race([gone.promise, sleep(goodbyeMs, undefined, { signal: late.signal }).catch(() => {})]);
      late.abort();
      await worker.terminate();
    },
  };
  return connection;
}

/** Beside us in dist/, where everything is bundled flat; in the sources one folder up. */
function workerFile(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('../worker.ts', import.meta.url)
    : new URL('./worker.js', import.meta.url);
}
