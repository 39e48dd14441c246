import { closeSync, constants, openSync, write, writeSync } from 'node:fs';

/** Where bytes go. `write` is called again only after `done`; nothing here ever blocks the event loop. */
export type Sink = {
  write(bytes: Uint8Array, done: Done): void;
  /** For the last words of a process that is ending: tries for `limit` milliseconds, then gives up. */
  writeNow(bytes: Uint8Array, limit: number): void;
  close(): void;
};

type Done = (error?: Error) => void;

/** How long to wait before asking a terminal again that takes nothing, in milliseconds. */
const patience = 8;

/**
 * Node.js writes to a terminal synchronously: when the reader at the other end stops (a stalled SSH line, a held scroll
 * bar), the whole program would stop with it. So a terminal is opened once more, without blocking.
 */
export function openSink(stdout: NodeJS.WriteStream): Sink {
  const { fd } = stdout as { fd?: number };
  if (stdout.isTTY !== true || typeof fd !== 'number') return streamSink(stdout);
  const own = openAgain(fd);
  return own === undefined ? threadSink(fd) : descriptorSink(own);
}

function openAgain(fd: number): number | undefined {
  const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
  // After `su` the terminal's own file belongs to someone else; /dev/tty can always be opened.
  for (const path of [`/proc/self/fd/${fd}`, '/dev/tty']) {
    try {
      return openSync(path, flags);
    } catch {}
  }
  return undefined;
}

function descriptorSink(fd: number): Sink {
  let waiting: { rest: Uint8Array; done: Done; timer: NodeJS.Timeout } | undefined;
  const push = (bytes: Uint8Array, done: Done) => {
    waiting = undefined;
    let rest = bytes;
    try {
      rest = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      if (!isBusy(error)) return done(error as Error);
    }
    if (rest.length === 0) return done();
    waiting = { rest, done, timer: setTimeout(push, patience, rest, done) };
  };
  return {
    write: push,
    writeNow(bytes, limit) {
      const first = waiting;
      waiting = undefined;
      clearTimeout(first?.timer);
      // Half a sequence would swallow the beginning of what follows it.
      insist(Buffer.concat([first?.rest ?? new Uint8Array(), bytes]), limit, (rest) => writeSync(fd, rest));
      first?.done();
    },
    close() {
      clearTimeout(waiting?.timer);
      waiting = undefined;
      closeSync(fd);
    },
  };
}

/** Where the terminal cannot be opened again: a thread of libuv waits instead of us. */
function threadSink(fd: number): Sink {
  const push = (bytes: Uint8Array, done: Done) => {
    write(fd, bytes, (error, count) => {
      if (error !== null && !isBusy(error)) return done(error);
      const rest = bytes.subarray(count ?? 0);
      if (rest.length === 0) return done();
      setTimeout(push, error === null ? 0 : patience, rest, done);
    });
  };
  return {
    write: push,
    writeNow: (bytes, limit) => insist(bytes, limit, (rest) => writeSync(fd, rest)),
    close() {},
  };
}

function streamSink(stream: NodeJS.WriteStream): Sink {
  return {
    write: (bytes, done) => void stream.write(bytes, (error) => done(error ?? undefined)),
    writeNow: (bytes) => void stream.write(bytes),
    close() {},
  };
}

function insist(bytes: Uint8Array, limit: number, attempt: (rest: Uint8Array) => number): void {
  const end = performance.now() + limit;
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(attempt(rest));
    } catch (error) {
      if (!isBusy(error) || performance.now() >= end) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, patience);
    }
  }
}

function isBusy(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EAGAIN' || code === 'EINTR';
}
