import { closeSync, openSync, readSync } from 'node:fs';
import { UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';

/** More is no input of ours, and its end may never come: /dev/zero. */
const mostMegabytes = 256;

/** The text of a file, or of a pipe that is named like one. Throws a UserError where there is none, or no UTF-8. */
export function readText(file: string): string {
  const parts: Buffer[] = [];
  try {
    const descriptor = openSync(file, 'r');
    try {
      let size = 0;
      for (;;) {
        const part = Buffer.allocUnsafe(1024 * 1024);
        const length = readSync(descriptor, part);
        if (length === 0) break;
        size = grown(size, length, file);
        parts.push(part.subarray(0, length));
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(file, error);
  }
  return decoded(parts, file);
}

/** All that comes down a stream. `name` is what it is called in errors. */
export async function readStream(stream: NodeJS.ReadableStream, name: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    const bytes = Buffer.from(part as Buffer);
    size = grown(size, bytes.length, name);
    parts.push(bytes);
  }
  return decoded(parts, name);
}

export function unreadable(path: string, error: unknown): UserError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const why = WORDS.get(code) ?? `cannot be read (${code})`;
  return new UserError(`${sanitiseLine(path, 500)} ${why}.`);
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'is not there'],
  ['ENOTDIR', 'is no folder'],
  ['EISDIR', 'is a folder'],
  ['EACCES', 'may not be read'],
  ['ELOOP', 'is a link to itself'],
]);

function grown(size: number, by: number, name: string): number {
  if (size + by > mostMegabytes * 1024 * 1024)
    throw new UserError(`${sanitiseLine(name, 500)} is larger than ${mostMegabytes} MB.`);
  return size + by;
}

/** What is guessed about a text in another coding could be a wrong verdict. */
function decoded(parts: readonly Buffer[], name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new UserError(`${sanitiseLine(name, 500)} is no text in UTF-8.`);
  }
}
