import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Edited } from '../device.ts';

export type EditorRun = Readonly<{
  text: string;
  /** What the file is called: its ending tells the editor what it is. */
  name: string;
  env: NodeJS.ProcessEnv;
  /** Aborts when a signal ends us, with the signal as its reason: handed on to the editor, which has work to save. */
  cut: AbortSignal;
}>;

/** More than this is no text that somebody typed, in bytes. */
const most = 16 * 1024 * 1024;

/** Runs the editor on a private file (0600 in a folder 0700) and reads it again. Never rejects. */
export async function runEditor({ text, name, env, cut }: EditorRun): Promise<Edited> {
  const editor = env['VISUAL'] || env['EDITOR'] || 'vi';
  const program = basename(editor.trim().split(/\s+/)[0] ?? '');
  let folder = '';
  try {
    folder = mkdtempSync(join(tmpdir(), 'edit-'));
    const path = join(folder, name.replace(/[^\w.-]+/g, '-'));
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    const child = start(editor, path, env);
    cut.addEventListener('abort', () => child.kill(cut.reason as NodeJS.Signals));
    const problem = problemOf(program, await end(child));
    // Who aborts on purpose (`:cq`) wants nothing of it; who was killed may have saved something.
    const kept = problem === '' || problem.endsWith(KILLED);
    return { text: kept ? read(path) : undefined, problem };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return { text: undefined, problem: `${program} could not be started on a file of its own: ${reason}` };
  } finally {
    // The line was cut: what was saved so far is all that is left of the work.
    if (!cut.aborted) rmSync(folder, { recursive: true, force: true });
  }
}

const KILLED = 'was killed';

/** By the shell, because people write `code --wait` and quotes into $EDITOR; `env` takes `NAME=value vim` as well. */
function start(editor: string, path: string, env: NodeJS.ProcessEnv): ChildProcess {
  if (process.platform === 'win32') return spawn(`${editor} "${path}"`, { shell: true, stdio: 'inherit', env });
  return spawn('/bin/sh', ['-c', `exec env ${editor} "$1"`, 'sh', path], { stdio: 'inherit', env });
}

type End = { code: number | null; signal: NodeJS.Signals | null };

function end(child: ChildProcess): Promise<End> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function problemOf(program: string, { code, signal }: End): string {
  if (signal !== null || (code ?? 0) > 128) return `${program} ${KILLED}`;
  if (code === 127) return `there is no editor ${program}: set $EDITOR to one`;
  if (code === 126) return `${program} cannot be run: set $EDITOR to an editor`;
  return code === 0 ? '' : `${program} ended with code ${code}`;
}

function read(path: string): string | undefined {
  return statSync(path).size > most ? undefined : readFileSync(path, 'utf8');
}
