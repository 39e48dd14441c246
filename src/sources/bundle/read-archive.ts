import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { PassThrough, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { messageOf, UserError } from '../../errors.ts';
import { bundleFolder } from '../../model/bundle/bundle-content.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { createLineSplitter } from '../kubernetes/lines.ts';

/** Who takes a file in, line by line or whole; undefined = it is passed over. `file` is its path within the bundle. */
export type Taker = (file: string) => { line(text: string): void } | { whole(text: string): void } | undefined;

/** No bundle of ours comes near any of these; what does is not ours, or is made to fill the memory. */
const mostFiles = 50_000;
const mostPacked = 4 * 1024 ** 3;
const mostUnpacked = 16 * 1024 ** 3;
const leastUnpacked = 128 * 1024 ** 2;
/** Logs and objects pack to a tenth; a bomb to a thousandth. */
const mostPacking = 200;
const mostWhole = 128 * 1024 ** 2;

/**
 * Hands the files of a bundle to `taker` in their order, also where somebody unpacked and packed it again: in another
 * order, in a folder of another name or none, with files of his own beside, or not compressed. Nothing is written, no link
 * is followed, and every name is looked at although none is used as one. Throws a UserError of one sentence.
 */
export async function readArchive(path: string, taker: Taker): Promise<void> {
  const shown = sanitiseLine(path, 200);
  const refuse = (what: string) => new UserError(`${shown} ${what}.`, 'Give a file that ciliscope bundle wrote.');
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'ENOENT'
        ? `There is no file ${shown}.`
        : `${shown} cannot be read: ${error.code ?? error.message}.`,
    );
  });
  if (found.isDirectory())
    throw new UserError(`${shown} is no file.`, 'Of a bundle that was unpacked, give the archive.');
  if (!found.isFile()) throw refuse('is no file');
  if (found.size > mostPacked) throw refuse('is larger than any bundle');
  const form = await formOf(path, shown);
  if (form === 'other') throw refuse('is packed in another way than as tar.gz or tar');
  const limit = Math.min(mostUnpacked, Math.max(leastUnpacked, found.size * mostPacking));

  const tar = extract();
  let files = 0;
  tar.on('entry', (header, stream, next) => {
    // What ends the archive ends the file that is being read, and would end us; the pipeline tells it.
    stream.on('error', () => {});
    try {
      files += 1;
      if (files > mostFiles) throw refuse('holds more files than any bundle');
      const name = nameOf(header, refuse);
      const taking = name === '' ? undefined : taker(name);
      if (taking === undefined) {
        stream.on('end', next);
        stream.resume();
        return;
      }
      if ('whole' in taking && (header.size ?? 0) > mostWhole) throw refuse(`holds a file that is too large: ${name}`);
      const chunks: Buffer[] = [];
      const split = 'line' in taking ? createLineSplitter(taking.line) : undefined;
      const take = (chunk: Buffer) => attempt(() => (split === undefined ? chunks.push(chunk) : split(chunk)));
      stream.on('data', (chunk) => take(chunk as Buffer));
      stream.on('end', () =>
        attempt(() => {
          if ('whole' in taking) taking.whole(Buffer.concat(chunks).toString('utf8'));
          next();
        }),
      );
    } catch (error) {
      tar.destroy(error as Error);
    }
  });
  function attempt(step: () => unknown): void {
    try {
      step();
    } catch (error) {
      tar.destroy(error as Error);
    }
  }
  try {
    const bounded = boundedTo(limit, () => refuse('unpacks to more than any bundle'));
    await pipeline(createReadStream(path), form === 'tar' ? new PassThrough() : createGunzip(), bounded, tar);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw refuse(`cannot be unpacked (${reasonOf(error)})`);
  }
}

/** Zip, xz, zstd, bzip2 and 7z begin so. */
const OTHER = /^(504b0304|504b0506|fd377a585a00|28b52ffd|425a68|377abcaf271c)/;

/** By its first bytes, whatever it is called. What is neither is left to who unpacks it: it says what is wrong with it. */
async function formOf(path: string, shown: string): Promise<'gzip' | 'tar' | 'other'> {
  const head = Buffer.alloc(512);
  try {
    const file = await open(path);
    await file.read(head, 0, head.length, 0).finally(() => file.close());
  } catch (error) {
    throw new UserError(`${shown} cannot be read: ${sanitiseLine((error as NodeJS.ErrnoException).code ?? '', 40)}.`);
  }
  if (OTHER.test(head.toString('hex', 0, 6))) return 'other';
  return head.toString('latin1', 257, 262) === 'ustar' ? 'tar' : 'gzip';
}

/**
 * The path within the bundle; '' = a folder, or what somebody else put there. Whatever could lead out of where it is
 * unpacked is refused, although we never unpack.
 */
function nameOf({ name, type }: Header, refuse: (what: string) => UserError): string {
  const parts = name.split('/').filter((part) => part !== '.' && part !== '');
  const isFolder = type === 'directory';
  const shown = sanitiseLine(name, 120);
  if (type !== 'file' && !isFolder)
    throw refuse(`holds a ${sanitiseLine(String(type ?? 'thing'), 30)}, which no bundle does: ${shown}`);
  if (name.startsWith('/') || parts.includes('..') || /[\\\0]/.test(name))
    throw refuse(`holds a file outside its folder: ${shown}`);
  if (isFolder) return '';
  const at = parts.indexOf(bundleFolder);
  if (at >= 0) return parts.slice(at + 1).join('/');
  return parts[0] !== undefined && ours.has(parts[0]) ? parts.join('/') : parts.slice(1).join('/');
}

const ours = new Set([
  'objects',
  'objects-again',
  'session.json',
  'manifest.json',
  'session',
  'logs',
  'commands',
  'metrics',
]);

function boundedTo(limit: number, refused: () => UserError): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      bytes += chunk.length;
      if (bytes > limit) done(refused());
      else done(null, chunk);
    },
  });
}

function reasonOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (code === 'Z_BUF_ERROR' || /unexpected end/i.test(messageOf(error))) return 'it ends too early';
  if (code === 'Z_DATA_ERROR') return 'it is no gzip, or damaged';
  return sanitiseLine(messageOf(error), 120);
}
