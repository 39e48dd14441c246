import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verify } from '../../../src/commands/audit/verify.ts';
import type { Terminal } from '../../../src/commands/command.ts';
import { audit } from '../../../src/sources/records/audit-file.ts';

let state: string;
let file: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'ciliscope-verify-'));
  file = join(state, 'audit.ndjson');
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

function write(count: number): void {
  for (let job = 1; job <= count; job += 1)
    audit(state, {
      ...{ time: '2026-11-22T10:00:00Z', session: 'a', job, context: 'admin', server: 'https://one', user: 'jane' },
      ...{ action: 'delete-policy', object: 'CiliumNetworkPolicy shop/db', request: 'DELETE /', outcome: 'sending' },
    });
}

async function verified(noted?: string): Promise<{ code: number; said: string }> {
  let said = '';
  const stdout = { write: (text: string) => (said += text) };
  const code = await verify.run([file], { noted }, { stdout, env: {} } as unknown as Terminal);
  return { code, said };
}

it('says that it is whole, the hash of the last line, and what cannot be seen without it', async () => {
  write(3);
  const { code, said } = await verified();
  expect(code).toBe(0);
  expect(said).toContain('whole, 3 lines');
  expect(said).toMatch(/last line: sha256:[0-9a-f]{64}\n {2}lines taken off the end, or a changed last line, cannot/);
});

it('is broken by what somebody else wrote at its end', async () => {
  write(3);
  writeFileSync(file, `${readFileSync(file, 'utf8')}hello world\n`);
  const { code, said } = await verified();
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('broken at line 4 of audit.ndjson') });
  expect(said).not.toContain('cut off');
});

it('is broken where it was emptied next to one that was put aside', async () => {
  write(3);
  renameSync(file, `${file}.1`);
  writeFileSync(file, '');
  const { code, said } = await verified();
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringContaining('it is empty, and audit.ndjson.1 is there'),
  });
});

it('says nothing of an empty file alone', async () => {
  writeFileSync(file, '');
  await expect(verified()).rejects.toThrow(/is empty: whether lines were taken out cannot be said/);
});

it('sees lines taken off the end by a hash that was noted, and not those that came since', async () => {
  write(3);
  const noted = /sha256:[0-9a-f]{64}/.exec((await verified()).said)?.[0] ?? '';
  write(2);
  expect((await verified(noted)).code).toBe(0);
  writeFileSync(file, `${readFileSync(file, 'utf8').split('\n').slice(0, 2).join('\n')}\n`);
  expect((await verified()).code).toBe(0);
  const { code, said } = await verified(noted);
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('no line has the hash that was noted') });
  await expect(verified('abc')).rejects.toThrow(/takes a hash/);
});
