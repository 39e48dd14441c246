// Builds dist/: one ESM bundle with three entries (the program, its worker and its reader of KQL). Whatever is first needed after the first
// frame (the Kubernetes SDK, the simulator) lands in chunks of its own, so that it is read from disk only when asked for.
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.ts';

const { metafile } = await build({
  metafile: true,
  ...bundleOptions,
  entryPoints: { main: 'src/main.ts', worker: 'src/worker.ts', kql: 'src/kql.ts' },
  outdir: 'dist',
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  chunkNames: 'chunk-[name]-[hash]',
});

// What an earlier build left: only now, so that a program started meanwhile never finds its parts missing.
const built = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of readdirSync('dist')) if (!built.has(name)) rmSync(join('dist', name), { recursive: true });
