import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/model/audit.ts';
import { audit } from '../../../src/sources/records/audit-file.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'ciliscope-audit-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const entry = (job: number): AuditEntry => ({
  ...{ time: '2026-11-22T10:00:00Z', session: 'a', job, context: 'admin', server: 'https://one', user: 'jane' },
  ...{ action: 'delete-policy', object: 'CiliumNetworkPolicy shop/db', request: 'DELETE /', outcome: 'sending' },
});

it('is put aside when it is long, and one older file is kept', () => {
  const [file, older] = [join(state, 'audit.ndjson'), join(state, 'audit.ndjson.1')];
  audit(state, entry(1));
  audit(state, entry(2));
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  for (const job of [3, 4]) {
    writeFileSync(file, `${job}`.repeat(10_000_000));
    audit(state, entry(job));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ job });
    expect(readFileSync(older, 'utf8').slice(0, 3)).toBe(`${job}`.repeat(3));
  }
  expect(readdirSync(state).sort()).toEqual(['audit.ndjson', 'audit.ndjson.1']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
