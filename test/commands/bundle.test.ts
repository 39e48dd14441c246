import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bundle } from '../../src/commands/bundle.ts';
import type { Terminal } from '../../src/commands/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-bundle-'));
const there = join(folder, 'there.tar.gz');
writeFileSync(there, 'mine');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const usual = { nodes: 'suspect', since: '2h', timeout: '1s', settle: '1s', kubeconfig: join(folder, 'none') };

// There is no kubeconfig: whatever is refused for another reason was refused before a cluster was looked for.
it.each([
  ['nobody who could agree', {}, /Nobody is at a terminal who could agree/],
  ['no node', { yes: true, nodes: '' }, /--nodes names no node/],
  ['a file that is there', { yes: true, out: there }, /There is a file .* already/],
  ['a folder that is not', { yes: true, out: join(folder, 'none', 'b.tar.gz') }, /There is no folder for/],
])('is refused before anything is read: %s', async (_, options, words) => {
  const terminal = { stdin: {}, stdout: {}, stderr: { write: () => true }, env: {} } as unknown as Terminal;
  await expect(bundle.run([], { ...usual, ...options }, terminal)).rejects.toThrow(words);
});
