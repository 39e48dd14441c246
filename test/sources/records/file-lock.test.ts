import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { withLock } from '../../../src/sources/records/file-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a lock that somebody else took meanwhile is left to them', () => {
  const file = join(folder, 'lock');
  withLock(file, () => writeFileSync(file, 'another-machine 1'));
  expect(readFileSync(file, 'utf8')).toBe('another-machine 1');
});
