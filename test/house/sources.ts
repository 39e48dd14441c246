import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

export type Source = { path: string; text: string; imports: readonly string[] };

/** Every TypeScript file of src with what it imports, as paths from the repository's root. */
export function sources(root = 'src'): Source[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => {
      const path = join(root, name).split(sep).join('/');
      const text = readFileSync(path, 'utf8');
      return { path, text, imports: importsOf(path, text) };
    })
    .sort((a, b) => a.path.localeCompare(b.path));
}

/** Own files as `src/…`, packages by their name. */
function importsOf(path: string, text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g);
  return [...found].map(([, name = '']) =>
    name.startsWith('.') ? posix.normalize(posix.join(dirname(path).split(sep).join('/'), name)) : name,
  );
}

export function fromRoot(path: string): string {
  return relative(process.cwd(), path).split(sep).join('/');
}
