import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { sanitiseLine } from '../model/sanitise.ts';

/** Where somebody was when the session ended, however it ended. */
export type Session = { context: string; scope: string; pane: string; args: readonly string[]; at: number };

/** The last session, undefined when there is none or it cannot be read: a broken file must not keep anyone out. */
export function readSession(stateDir: string): Session | undefined {
  try {
    const read = JSON.parse(readFileSync(fileOf(stateDir), 'utf8')) as Partial<Session>;
    if (typeof read.context !== 'string' || typeof read.pane !== 'string' || typeof read.at !== 'number')
      return undefined;
    return {
      context: sanitiseLine(read.context),
      scope: sanitiseLine(read.scope ?? ''),
      pane: sanitiseLine(read.pane),
      args: Array.isArray(read.args) ? read.args.slice(0, 10).map((arg) => sanitiseLine(arg)) : [],
      at: read.at,
    };
  } catch {
    return undefined;
  }
}

/**
 * Keeps the session (folder 0700, file 0600), whole or not at all. Returns the sentence to tell when it could not: a
 * full disk or a read-only home is no reason to end differently.
 */
export function writeSession(stateDir: string, session: Session): string | undefined {
  const file = fileOf(stateDir);
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${JSON.stringify(session)}\n`, { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, file);
    return undefined;
  } catch (error) {
    discard(draft);
    return `Where you were is not kept: ${messageOf(error)}.`;
  }
}

function fileOf(stateDir: string): string {
  return join(stateDir, 'session.json');
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It was never made: that is what is being reported.
  }
}
