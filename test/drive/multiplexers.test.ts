import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { go, live } from './look.ts';
import { type Driven, drive } from './terminal.ts';

let cluster: EmbeddedCluster;
let folder: string;
beforeAll(async () => {
  // Sockets of our own, so that nobody's session is touched. Short: a socket's path may not be long.
  folder = mkdtempSync(join(tmpdir(), 'mx-'));
  cluster = await startCluster('--scenario', 'agent-crash-loop', '--nodes', '6', '--pods', '40', '--churn', '5');
});
afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Multiplexer = { name: string; command: string; args(run: string): string[]; end: string[] };

const multiplexers: readonly Multiplexer[] = [
  {
    name: 'tmux',
    command: 'tmux',
    args: (run) => ['-S', socket(), '-f', '/dev/null', 'new-session', run],
    end: ['kill-server'],
  },
  {
    name: 'GNU screen',
    command: 'screen',
    args: (run) => ['-c', '/dev/null', '-U', '-S', 'night', 'sh', '-c', run],
    end: ['-S', 'night', '-X', 'quit'],
  },
];
const socket = () => join(folder, 's');
const isInstalled = (command: string) => spawnSync('which', [command]).status === 0;

describe('with their default configuration', () => {
  for (const { name, command, args, end } of multiplexers) {
    it.skipIf(!isInstalled(command))(`${name}: the walk of a night, and back in the shell`, async () => {
      const env = { SCREENDIR: folder, XDG_STATE_HOME: folder };
      const run = `${process.execPath} bin/ciliscope.js --kubeconfig ${cluster.kubeconfig}; echo code $?; sleep 1`;
      const console = drive(command, args(run), { columns: 100, rows: 32, env });
      try {
        await walk(console);
      } finally {
        console.kill();
        const which = command === 'tmux' ? ['-S', socket(), ...end] : end;
        spawnSync(command, which, { env: { ...process.env, SCREENDIR: folder } });
      }
    });
  }
});

async function walk(console: Driven): Promise<void> {
  await console.until('agents crash-loop in init mount-bpf-fs', 30_000);
  await console.until(live, 20_000);
  console.press('2');
  await console.until(/── Agents · 2 sick of 6 .*● live/);
  console.press('enter');
  await console.until(/last words/);
  console.press('l');
  await console.until(/run before/);
  // Both hold an escape back for a while, in case it begins something.
  console.press('q');
  await console.until(/last words/);
  console.press('q');
  await console.until(/── Agents/);
  console.press('/');
  console.write('s000001');
  await console.until(/Agents.*\/s000001/);
  console.press('enter', 'esc');
  await console.until((screen) => !/\/s000001/.test(screen[2] ?? ''));
  await go(console, ':po kube-system');
  await console.until(/── pods kube-system .*● live/);
  console.press('0');
  await console.until(/── 7 Changed/);
  await cluster.fault({ id: 'api-down' });
  await console.until(/▲ \d+\/\d+ .*stale/);
  await cluster.mend();
  await console.until(live, 20_000);
  console.resize(80, 24);
  await console.until((screen) => screen.length === 24 && screen.some((line) => line.includes('── 7 Changed')));
  expect(console.text()).not.toMatch(/\?2026|\[\?|\$p/);
  console.press('q', 'q');
  await console.until('code 0');
  expect(console.text()).not.toContain('Wrong now');
}
