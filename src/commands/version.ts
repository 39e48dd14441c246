import { readFileSync } from 'node:fs';

/** The program's own version, from package.json: one folder up from dist/, two from the sources. */
export function version(): string {
  const file = import.meta.url.endsWith('.ts') ? '../../package.json' : '../package.json';
  return (JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { version: string }).version;
}
