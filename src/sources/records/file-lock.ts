import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

/** Whoever holds it longer has died, or was put to sleep in the middle of it, ms. */
const staleMs = 10_000;
/** What is done under it takes milliseconds. */
const patienceMs = 3_000;
const pauseMs = 5;

/** Runs `work` while no other process that asks for the same lock runs its own. Throws what fs throws, or that it is held. */
export function withLock<T>(file: string, work: () => T): T {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const own = `${hostname()} ${process.pid}`;
  const late = performance.now() + patienceMs;
  while (!take(file, own)) {
    if (breakStale(file)) continue;
    if (performance.now() > late) throw new Error(`${file} is held by another program (${holder(file)})`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
  }
  try {
    return work();
  } finally {
    // Who slept in the middle of it was taken for dead: by now it is somebody else's.
    if (holder(file) === own) rmSync(file, { force: true });
  }
}

function take(file: string, own: string): boolean {
  try {
    writeFileSync(file, own, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // On a full disk it was made and is empty: it would hold everybody.
    rmSync(file, { force: true });
    throw error;
  }
}

/** Moved aside before it is thrown away: of several who find it stale one gets it. */
function breakStale(file: string): boolean {
  const stale = holder(file);
  if (!isStale(file, stale)) return false;
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    // Somebody else broke it and holds it by now: it is given back.
    if (readFileSync(aside, 'utf8') !== stale) renameSync(aside, file);
  } catch {
    return true;
  }
  rmSync(aside, { force: true });
  return true;
}

function isStale(file: string, held: string): boolean {
  const taken = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (taken === undefined) return false;
  if (Date.now() - taken > staleMs && nowThere(file) - taken > staleMs) return true;
  const [host, pid] = held.split(' ');
  return host === hostname() && !isAlive(Number(pid));
}

/** By the clock that dates the files: a folder of another machine's, or ours, may be minutes off. 0 where nothing can be written. */
function nowThere(file: string): number {
  const probe = `${file}.${process.pid}.now`;
  try {
    writeFileSync(probe, '', { mode: 0o600 });
    return statSync(probe).mtimeMs;
  } catch {
    return 0;
  } finally {
    rmSync(probe, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function holder(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
