import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const source = join(import.meta.dirname, '../../../src/sources/bundle/bundle-archive.ts');
/** Writes what does not pack, as a bundle does, until it may not. */
const program = `
import { randomBytes } from 'node:crypto';
const { openArchive } = await import(process.argv[1]);
const archive = await openArchive(process.argv[2], 0);
try {
  for (let at = 0; at < 100; at++) await archive.add('x' + at, randomBytes(50_000).toString('base64'));
  await archive.end();
} catch (error) {
  console.log(error.name + ': ' + error.message);
  await archive.discard();
}`;

// A limit of the shell stands for a full disk, which a test cannot have.
it('says that there is no room, and leaves no half archive', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-full-'));
  try {
    const path = join(folder, 'b.tar.gz');
    const command = 'ulimit -f 100; exec "$0" --input-type=module -e "$1" "$2" "$3"';
    const { stdout } = await promisify(execFile)('bash', ['-c', command, process.execPath, program, source, path]);
    expect(stdout).toMatch(
      /^UserError: .*b\.tar\.gz cannot be written: it is larger than a file may be there \(EFBIG\)/,
    );
    expect(existsSync(path)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
