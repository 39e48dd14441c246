import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { bundleFolder } from '../../model/bundle/bundle-content.ts';
import { fileProblem } from '../file-problem.ts';

/** A tar.gz that is being written, a file after the other. */
export type BundleArchive = {
  /** Resolves when the file has been handed on: whoever waits for it never fills the memory. Rejects with a UserError. */
  add(path: string, text: string): Promise<void>;
  files(): readonly { path: string; bytes: number }[];
  /** Bytes before packing. */
  bytes(): number;
  /** Resolves with the size of the archive. Rejects with a UserError. */
  end(): Promise<number>;
  /** Takes away what was written: half an archive helps nobody, and fills the disk. */
  discard(): Promise<void>;
};

/**
 * Opens a new file of the person's alone (0600); one that is there already, link or not, is never written to. `at` dates
 * all that is in it, so that the same content makes the same archive. Throws a UserError.
 */
export async function openArchive(path: string, at: number): Promise<BundleArchive> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await once(file, 'open').catch((error: NodeJS.ErrnoException) => {
    throw fileProblem(path, error);
  });
  const tar = pack();
  const files: { path: string; bytes: number }[] = [];
  const written = pipeline(tar, createGzip(), file);
  const broken = written.then(
    () => new Promise<never>(() => {}),
    (error: NodeJS.ErrnoException) => {
      throw fileProblem(path, error);
    },
  );
  broken.catch(() => {});
  return {
    async add(name, text) {
      const bytes = Buffer.from(text);
      const handedOn = new Promise<void>((resolve, reject) => {
        const done = (error?: Error | null) => (error ? reject(error) : resolve());
        const header = { name: `${bundleFolder}/${name}`, mode: 0o600, mtime: new Date(at) };
        // It is told twice: an entry is a stream, too, and nobody listening would end us.
        tar.entry(header, bytes, done).on('error', () => {});
      });
      await Promise.race([handedOn, broken]).catch(async (error: unknown) => {
        // Whoever packs hears first that nobody takes it any more; why, who writes tells a moment later.
        await Promise.race([broken, sleep(1_000)]);
        throw fileProblem(path, error as NodeJS.ErrnoException);
      });
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
        throw fileProblem(path, error as NodeJS.ErrnoException);
      }
    },
    async discard() {
      tar.destroy();
      await written.catch(() => {});
      rmSync(path, { force: true });
    },
  };
}
