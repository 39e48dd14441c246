import { createHash } from 'node:crypto';
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RawObject } from '../../model/objects/row.ts';
import { asWritten } from '../../model/policies/written.ts';
import { appendPrivate } from './private-file.ts';

/** One line of the audit. A change is told twice: before it is sent, and when it is known what became of it. */
export type AuditEntry = {
  /** RFC 3339, by the server's clock. */
  time: string;
  /** Counts from 1 in each session. */
  job: number;
  context: string;
  server: string;
  /** As the server knows us, else as the kubeconfig calls us. */
  user: string;
  action: string;
  object: string;
  request: string;
  outcome: 'sending' | 'done' | 'refused' | 'unknown';
  /** What the server said, where it refused. */
  said?: string;
  /** SHA-256 of the object without server fields, '' where there was or is none. */
  before?: string;
  after?: string;
};

/**
 * Appends one line of JSON; a file that has grown long is put aside first, in the place of the one before it. Throws what
 * fs throws: a change that cannot be told of is not to be made.
 */
export function audit(stateDir: string, entry: AuditEntry): void {
  const file = join(stateDir, 'audit.ndjson');
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size >= longest) renameSync(file, `${file}.1`);
  appendPrivate(file, `${JSON.stringify(entry)}\n`);
}

/** Bytes; some twenty thousand lines. */
const longest = 10_000_000;

/** The same for an object and for what an undo made of it, whatever the server added. */
export function hashOf(object: RawObject | null | undefined): string {
  if (object === null || object === undefined) return '';
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(asWritten(object)))
    .digest('hex')}`;
}
