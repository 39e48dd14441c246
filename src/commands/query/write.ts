import { once } from 'node:events';

/** Writes no faster than the reader reads. */
export async function write(stdout: NodeJS.WriteStream, pieces: Iterable<string>): Promise<void> {
  let held = '';
  for (const piece of pieces) {
    held += piece;
    if (held.length < 65_536) continue;
    await put(stdout, held);
    held = '';
  }
  if (held !== '') await put(stdout, held);
}

async function put(stdout: NodeJS.WriteStream, text: string): Promise<void> {
  if (!stdout.write(text)) await once(stdout, 'drain');
}
