import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileProblem } from '../sources/file-problem.ts';

/**
 * Writes the pieces into a new file of the person's alone (0600). Rejects with a UserError, also where there is such a file
 * already; what was begun and failed is taken away again.
 */
export async function writeNew(path: string, pieces: Iterable<string>): Promise<{ path: string; bytes: number }> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw fileProblem(path, error);
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
    throw fileProblem(path, error as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}
