import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry } from '../../model/audit.ts';
import { sanitiseLine } from '../../model/sanitise.ts';

/** A report is read by people: what is older than this many lines they ask the audit itself for. */
const most = 200;

/** What the audit tells of this server since then, oldest first; none where there is no audit. A line that is none is left out. */
export function auditSince(stateDir: string, server: string, from: number): readonly AuditEntry[] {
  return ['audit.ndjson.1', 'audit.ndjson']
    .flatMap((name) => linesOf(join(stateDir, name)))
    .flatMap(entryOf)
    .filter((entry) => entry.server === server && Date.parse(entry.time) >= from)
    .slice(-most);
}

/** Of a long file its end: the beginning of it is of other days. */
const mostBytes = 1_000_000;

function linesOf(file: string): readonly string[] {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, mostBytes));
    readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('utf8').split('\n');
    return size > bytes.length ? lines.slice(1) : lines;
  } catch {
    return [];
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function entryOf(line: string): readonly AuditEntry[] {
  if (line === '') return [];
  try {
    const raw = JSON.parse(line) as Record<string, unknown>;
    const texts = Object.entries(raw).map(([key, value]) => [
      key,
      typeof value === 'string' ? sanitiseLine(value, 2_000) : value,
    ]);
    const entry = Object.fromEntries(texts) as AuditEntry;
    const isWhole = [
      entry.time,
      entry.server,
      entry.user,
      entry.action,
      entry.object,
      entry.request,
      entry.outcome,
    ].every((one) => typeof one === 'string');
    return isWhole && !Number.isNaN(Date.parse(entry.time)) ? [entry] : [];
  } catch {
    return [];
  }
}
