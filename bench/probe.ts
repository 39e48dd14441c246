// Loaded into the measured program with `node --import`: answers over a socket what its screen thread has cost so far.
// Workers inherit the flag; only the main thread answers.
import { createConnection } from 'node:net';
import { isMainThread } from 'node:worker_threads';

/** Totals since the program began, and what was worst since the last reading. */
export type Reading = {
  /** CPU of the screen's thread, and of the whole process with its worker, ms. */
  threadMs: number;
  processMs: number;
  /** The longest time in which the event loop did not turn, ms, and how much of it this thread itself was working. */
  stallMs: number;
  stallCpuMs: number;
  residentMegabytes: number;
};

const address = process.env['BENCH_PROBE'];
if (isMainThread && address !== undefined) answerOn(address, Number(process.env['BENCH_PROBE_TICK'] ?? 0));

function answerOn(path: string, tickMs: number): void {
  const worst = { stallMs: 0, stallCpuMs: 0 };
  if (tickMs > 0) watchLoop(worst, tickMs);
  const socket = createConnection(path);
  socket.on('error', () => {});
  socket.on('data', () => {
    socket.write(`${JSON.stringify(readingOf(worst))}\n`);
    Object.assign(worst, { stallMs: 0, stallCpuMs: 0 });
  });
  socket.unref();
}

function readingOf(worst: Pick<Reading, 'stallMs' | 'stallCpuMs'>): Reading {
  return {
    threadMs: milliseconds(process.threadCpuUsage()),
    processMs: milliseconds(process.cpuUsage()),
    residentMegabytes: process.memoryUsage.rss() / 1e6,
    ...worst,
  };
}

function watchLoop(worst: Pick<Reading, 'stallMs' | 'stallCpuMs'>, tickMs: number): void {
  let at = performance.now();
  let used = milliseconds(process.threadCpuUsage());
  const turn = () => {
    const now = performance.now();
    const usedNow = milliseconds(process.threadCpuUsage());
    if (now - at - tickMs > worst.stallMs) {
      worst.stallMs = now - at - tickMs;
      worst.stallCpuMs = usedNow - used;
    }
    at = now;
    used = usedNow;
  };
  setInterval(turn, tickMs).unref();
}

function milliseconds({ user, system }: { user: number; system: number }): number {
  return (user + system) / 1_000;
}
