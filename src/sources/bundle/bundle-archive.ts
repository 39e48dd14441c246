import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { UserError } from '../../errors.ts';
import { bundleFolder } from '../../model/bundle/bundle-content.ts';
import { sanitiseLine } from '../../model/sanitise.ts';

/** A tar.gz that is being written, a file after the other. */
export type BundleArchive = {
  /** Resolves when the file has been handed on: whoever waits for it never fills the memory. Rejects with a UserError. */
  add(path: string, text: string): Promise<void>;
  files(): readonly { path: string; bytes: number }[];
  /** Bytes before packing. */
  bytes(): number;
  /** Resolves with the size of the archive. Rejects with a UserError. */
  end(): Promise<number>;
};

/**
 * Opens a new file of the person's alone (0600); one that is there already, link or not, is never written to. `at` dates
 * all that is in it, so that the same content makes the same archive. Throws a UserError.
 */
export async function openArchive(path: string, at: number): Promise<BundleArchive> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await once(file, 'open').catch((error: NodeJS.ErrnoException) => {
    throw refused(path, error);
  });
  const tar = pack();
  const files: { path: string; bytes: number }[] = [];
  const written = pipeline(tar, createGzip(), file);
  const broken = written.then(
    () => new Promise<never>(() => {}),
    (error: NodeJS.ErrnoException) => {
      throw refused(path, error);
    },
  );
  broken.catch(() => {});
  return {
    async add(name, text) {
      const bytes = Buffer.from(text);
      const handedOn = new Promise<void>((resolve, reject) => {
        const done = (error?: Error | null) => (error ? reject(error) : resolve());
        tar.entry({ name: `${bundleFolder}/${name}`, mode: 0o600, mtime: new Date(at) }, bytes, done);
      });
      await Promise.race([handedOn, broken]);
      files.push({ path: name, bytes: bytes.length });
    },
    files: () => files,
    bytes: () => files.reduce((sum, { bytes }) => sum + bytes, 0),
    async end() {
      tar.finalize();
      try {
        await written;
        return file.bytesWritten;
      } catch (error) {
        throw refused(path, error as NodeJS.ErrnoException);
      }
    },
  };
}

function refused(path: string, { code, message }: NodeJS.ErrnoException): UserError {
  const shown = sanitiseLine(path, 200);
  if (code === 'EEXIST') return new UserError(`There is a file ${shown} already.`, 'Choose another name.');
  if (code === 'ENOENT') return new UserError(`There is no folder for ${shown}.`, 'Choose another place.');
  return new UserError(`${shown} cannot be written: ${sanitiseLine(code ?? message, 100)}.`, 'Choose another place.');
}
