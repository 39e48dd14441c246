import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AuditEntry } from '../../model/audit.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { asWritten } from '../../model/policies/written.ts';
import { type AuditLine, lineHash } from './audit-chain.ts';
import { withLock } from './file-lock.ts';
import { appendPrivate } from './private-file.ts';

/** Bytes; some twenty thousand lines. */
const longest = 10_000_000;
/** Files that were put aside, the newest `.1`. */
const mostAside = 9;

export function auditFile(stateDir: string): string {
  return join(stateDir, 'audit.ndjson');
}

/**
 * Appends one line of JSON that carries the hash of the line before it, whichever program wrote that: one chain for all
 * who share the folder, kept in order by a lock, and going on over files that were put aside. Throws what fs throws: what
 * cannot be told of is not to be done.
 */
export function audit(stateDir: string, entry: AuditEntry): void {
  const file = auditFile(stateDir);
  withLock(`${file}.lock`, () => {
    const last = lastLine(file) ?? lastLine(`${file}.1`);
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size >= longest) putAside(file);
    const prev = last === undefined ? '' : lineHash(last.text);
    // A line that was cut off stays as it is, and ends here.
    const begin = size < longest && last?.isCut ? '\n' : '';
    // Commands only read: what they cost must not be a wait for the disk.
    appendPrivate(file, `${begin}${JSON.stringify({ prev, ...entry })}\n`, entry.about !== 'exec');
  });
}

/** The older one of each pair moves first; the oldest is overwritten. */
function putAside(file: string): void {
  for (let number = mostAside; number > 1; number -= 1) {
    if (existsSync(`${file}.${number - 1}`)) renameSync(`${file}.${number - 1}`, `${file}.${number}`);
  }
  renameSync(file, `${file}.1`);
}

/** Far longer than a line. */
const tailBytes = 65_536;

function lastLine(file: string): { text: string; isCut: boolean } | undefined {
  // To read a pipe would wait for somebody who writes.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const tail = tailOf(file, tailBytes);
  const isLong = !tail.isAll && !tail.text.slice(0, -1).includes('\n');
  const text = (isLong ? readFileSync(file, 'utf8') : tail.text).replace(/\n$/, '');
  if (text === '') return undefined;
  return { text: text.slice(text.lastIndexOf('\n') + 1), isCut: !tail.text.endsWith('\n') };
}

function tailOf(file: string, bytes: number): { text: string; isAll: boolean } {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const buffer = Buffer.alloc(Math.min(size, bytes));
    readSync(handle, buffer, 0, buffer.length, size - buffer.length);
    return { text: buffer.toString('utf8'), isAll: size <= bytes };
  } finally {
    closeSync(handle);
  }
}

/** Every line there is, the oldest first: of the files put aside, then of `file` itself. Throws what fs throws. */
export function auditLines(file: string): readonly AuditLine[] {
  const aside = Array.from({ length: mostAside }, (_, index) => `${file}.${mostAside - index}`).filter(existsSync);
  return [...aside, file].flatMap((one) => linesOf(basename(one), readFileSync(one, 'utf8')));
}

/** The youngest lines, without reading the rest: none where there is no file. */
export function youngestLines(file: string, bytes: number): readonly AuditLine[] {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  // Just after a file was put aside what is young stands in that one.
  return [...(size < bytes ? tailLines(`${file}.1`, bytes - size) : []), ...tailLines(file, bytes)];
}

function tailLines(file: string, bytes: number): readonly AuditLine[] {
  if (!existsSync(file)) return [];
  const { text, isAll } = tailOf(file, bytes);
  // What begins in the middle of a line begins with the next.
  return linesOf(basename(file), isAll ? text : text.slice(text.indexOf('\n') + 1));
}

function linesOf(file: string, text: string): AuditLine[] {
  const lines = text.replace(/\n$/, '').split('\n');
  return lines.length === 1 && lines[0] === ''
    ? []
    : lines.map((line, index) => ({ file, number: index + 1, text: line }));
}

/** The same for an object and for what an undo made of it, whatever the server added. */
export function hashOf(object: RawObject | null | undefined): string {
  if (object === null || object === undefined) return '';
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(asWritten(object)))
    .digest('hex')}`;
}
