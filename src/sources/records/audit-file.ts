import { createHash } from 'node:crypto';
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry } from '../../model/audit.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { asWritten } from '../../model/policies/written.ts';
import { appendPrivate } from './private-file.ts';

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
