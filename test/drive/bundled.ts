import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../bundle.ts';

/** A program of test/drive/fixtures, bundled as ours is. Returns its path and how to remove it. */
export async function bundled(fixture: string): Promise<{ path: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'driven-'));
  const path = join(folder, 'program.mjs');
  await build({ ...bundleOptions, entryPoints: [join(import.meta.dirname, 'fixtures', fixture)], outfile: path });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
