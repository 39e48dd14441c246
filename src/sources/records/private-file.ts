import { appendFileSync, chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file that only its owner can read (folder 0700, file 0600), whole or not at all. Throws what fs throws. */
export function writePrivate(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  makeFolder(dirname(file));
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: true });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Appends to a file that only its owner can read; `flush`: it is on the disk when this returns. Throws what fs throws. */
export function appendPrivate(file: string, text: string, flush = true): void {
  makeFolder(dirname(file));
  // Whoever made it before us may have been less careful.
  if (existsSync(file)) chmodSync(file, 0o600);
  appendFileSync(file, text, { mode: 0o600, flush });
}

function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}
