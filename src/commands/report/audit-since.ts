import { readFileSync } from 'node:fs';
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

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
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
