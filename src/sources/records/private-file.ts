import {
  appendFileSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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

/**
 * Appends to a file that only its owner can read, whole or not at all; `flush`: it is on the disk when this returns. Only to
 * a plain file of our own: a link, or a file that somebody else put there, leads to what they chose. Throws what fs throws.
 */
export function appendPrivate(file: string, text: string, flush = true): void {
  makeFolder(dirname(file));
  const handle = openSync(file, appendOnly, 0o600);
  try {
    const found = fstatSync(handle);
    if (!found.isFile()) throw new Error(`${file} is no plain file`);
    if (process.geteuid !== undefined && found.uid !== process.geteuid())
      throw new Error(`${file} belongs to another user`);
    // Whoever made it before us may have been less careful.
    if ((found.mode & 0o077) !== 0) fchmodSync(handle, 0o600);
    try {
      appendFileSync(handle, text, { flush });
    } catch (error) {
      // A full disk takes the beginning of it: half a line tells nobody anything.
      ftruncateSync(handle, found.size);
      throw error;
    }
  } finally {
    closeSync(handle);
  }
}

const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_WRONLY } = constants;
/** O_NONBLOCK: a pipe that nobody reads would hold us for ever. */
const appendOnly = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;

function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}
