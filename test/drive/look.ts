import type { EmbeddedCluster } from './embedded-cluster.ts';
import type { Driven, Seen } from './terminal.ts';

export const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
];

/** Every link is live: `● 25/25 api 12ms  RO`; where room is short without the latency. */
export const live = /● (\d+)\/\1 +(api|RO)/;

/** The header says that at least one link is not. */
export const told = /▲ \d+\/\d+ .*stale/;

/** The line under the cursor. */
export function under(console: Driven): string {
  return console.selected().find((line) => /^[▸>]/.test(line)) ?? '';
}

/** The cells of the first line that contains `text`, blanks left out. */
export function cellsOf(console: Driven, text: string): Seen[] {
  const row = console.screen().findIndex((line) => line.includes(text));
  return row < 0 ? [] : console.line(row).filter((cell) => cell.text.trim() !== '');
}

/** Types `:word …` as a person does: the line is there, perhaps with what it could become, before it is entered. */
export async function go(console: Driven, line: string): Promise<void> {
  console.write(line);
  await console.until((screen) => screen.some((row) => row.startsWith(line)));
  console.press('enter');
}

/**
 * Types `/text` as a person does, and enters it. A key that came together with the enter would be typed into the prompt:
 * what is read in one piece may have been pasted.
 */
export async function filterBy(console: Driven, text: string): Promise<void> {
  console.write(`/${text}`);
  await console.until((screen) => screen.some((row) => row.startsWith(`/${text}`)));
  console.press('enter');
  await console.until((screen) => !screen.some((row) => row.startsWith('/')));
}

/** How long `what` takes, in milliseconds. */
export async function timed(what: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await what();
  return performance.now() - start;
}

/** A request of the console, as the server wrote it down. */
export type Asked = { verb: string; path: string; resource: string; status: number; at: number };

/** What consoles asked since `from` (ms of the clock), oldest first. */
export async function asked(cluster: EmbeddedCluster, from: number): Promise<Asked[]> {
  return (await cluster.requests())
    .filter(({ userAgent, at }) => userAgent.startsWith('ciliscope/') && Date.parse(at) >= from)
    .map(({ verb, path, status, at }) => ({ verb, path, status, at: Date.parse(at), resource: resourceOf(path) }));
}

/** Those that read a whole kind anew, as a list or as a stream that begins with one. */
export function lists(entries: readonly Asked[]): string[] {
  return entries
    .filter(({ verb, path }) => verb === 'list' || path.includes('sendInitialEvents=true'))
    .map(({ resource }) => resource);
}

function resourceOf(path: string): string {
  const parts = (path.split('?')[0] ?? '').split('/').filter(Boolean);
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  return (rest[0] === 'namespaces' && rest.length > 2 ? rest[2] : rest[0]) ?? '';
}
