import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import { sanitiseLine } from '../model/sanitise.ts';

/**
 * Writes the pieces into a new file of the person's alone (0600). Rejects with a UserError, also where there is such a file
 * already; what was begun and failed is taken away again.
 */
export async function writeNew(path: string, pieces: Iterable<string>): Promise<{ path: string; bytes: number }> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw refused(path, error);
  });
  let bytes = 0;
  try {
    for (const piece of pieces) {
      const { bytesWritten } = await file.write(piece);
      bytes += bytesWritten;
      // Keys come first.
      await nextTurn();
    }
    return { path, bytes };
  } catch (error) {
    rmSync(path, { force: true });
    throw refused(path, error as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

function refused(path: string, { code, message }: NodeJS.ErrnoException): UserError {
  const shown = sanitiseLine(path, 200);
  if (code === 'EEXIST') return new UserError(`There is a file ${shown} already.`, 'Choose another name.');
  if (code === 'ENOENT') return new UserError(`There is no folder for ${shown}.`, 'Choose another place.');
  return new UserError(`${shown} cannot be written: ${sanitiseLine(code ?? message, 100)}.`, 'Choose another place.');
}
