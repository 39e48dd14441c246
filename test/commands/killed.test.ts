import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';

const bin = join(import.meta.dirname, '..', '..', 'bin', 'ciliscope.js');
const folder = mkdtempSync(join(tmpdir(), 'ciliscope-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends a check and the plugin it waits for', async (signal) => {
  const pidFile = join(folder, `pid-${signal}`);
  const exec = { command: 'sh', args: ['-c', `echo $$ > ${pidFile}; sleep 300; true`] };
  const file = join(folder, 'kubeconfig');
  writeFileSync(
    file,
    stringify({
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
    { mode: 0o600 },
  );
  const child = spawn(process.execPath, [bin, 'check', '--kubeconfig', file], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const soon = { timeout: 15_000, interval: 20 };
  await vi.waitFor(() => expect(readFileSync(pidFile, 'utf8')).toMatch(/\d+\n/), soon);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  child.kill(signal);
  const [code, by] = await ended;
  // The program's own launcher may turn the signal into the shell's number for it.
  expect([signal, 128 + (constants.signals[signal] ?? 0)]).toContain(by ?? code);
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), soon);
});
