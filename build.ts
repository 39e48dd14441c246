// Builds dist/: one ESM bundle with two entries (the program and its worker). Whatever is first needed after the first
// frame (the Kubernetes SDK, the simulator) lands in chunks of its own, so that it is read from disk only when asked for.
import { rmSync } from 'node:fs';
import { build, type Plugin } from 'esbuild';

// Ink imports react-devtools-core behind a flag that is off in production; the package is not installed.
const withoutDevtools: Plugin = {
  name: 'without-devtools',
  setup(b) {
    b.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'react-devtools-core', namespace: 'absent' }));
    b.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export default {};' }));
  },
};

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: { main: 'src/main.ts', worker: 'src/worker.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  banner: { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" },
  chunkNames: 'chunk-[name]-[hash]',
  plugins: [withoutDevtools],
  logLevel: 'warning',
});
