// What Azure costs at the start: nothing before the first frame, and how much processor time and memory until it is
// signed in and the cluster is read in ARM. Beside it the same console with --no-azure, and the three packages of
// Microsoft's alone in a bare Node. Processor time of all threads, so that a busy machine matters little.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import { processCost } from './process-cost.ts';
import { quantile, report } from './report.ts';
import { startSimulator } from './simulator.ts';

const rounds = 5;
/** Azure is begun once the lists are under way; by then all of its facts have been asked for. */
const settleMs = 20_000;

type Cost = { cpuSeconds: number; peakMegabytes: number };

const home = mkdtempSync(join(tmpdir(), 'ciliscope-bench-'));
const simulator = await startSimulator('--scenario', 'healthy', '--nodes', '20', '--pods', '200');
try {
  const runs: Record<'with' | 'without', { first: Cost; later: Cost }[]> = { with: [], without: [] };
  // In turn, so that both see the same load of the machine.
  for (let round = 0; round < rounds; round += 1) {
    runs.without.push(await watch(['--no-azure']));
    runs.with.push(await watch([]));
  }
  const bare = importCost([]);
  const packages = importCost(['@azure/identity', '@azure/arm-containerservice', '@azure/monitor-query']);
  const cpu = (of: 'with' | 'without', when: 'first' | 'later') =>
    quantile(
      runs[of].map((run) => run[when].cpuSeconds * 1_000),
      0.5,
    );
  const memory = (of: 'with' | 'without') =>
    quantile(
      runs[of].map((run) => run.later.peakMegabytes),
      0.5,
    );
  report('Azure at the start of the console (median)', [
    {
      what: 'CPU until the first frame, ms',
      figure: cpu('with', 'first').toFixed(0),
      limit: `${cpu('without', 'first').toFixed(0)} = --no-azure`,
      aim: 'the same',
    },
    {
      what: `CPU of the first ${settleMs / 1_000} s, ms`,
      figure: cpu('with', 'later').toFixed(0),
      limit: `${cpu('without', 'later').toFixed(0)} = --no-azure`,
    },
    {
      what: 'of that, Azure',
      figure: (cpu('with', 'later') - cpu('without', 'later')).toFixed(0),
      limit: `${(packages.cpuSeconds * 1_000 - bare.cpuSeconds * 1_000).toFixed(0)} = importing the packages alone`,
    },
    {
      what: 'memory at most, MB',
      figure: memory('with').toFixed(0),
      limit: `${memory('without').toFixed(0)} = --no-azure`,
    },
  ]);
} finally {
  await simulator.stop();
  rmSync(home, { recursive: true, force: true });
}

/** What the console has cost at its first frame, and a while later. */
async function watch(flags: readonly string[]): Promise<{ first: Cost; later: Cost }> {
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', HOME: home, XDG_STATE_HOME: home, LANG: 'C.UTF-8', TERM: 'xterm-256color' },
    ...simulator.azure.env,
  };
  const args = ['bin/ciliscope.js', '--kubeconfig', simulator.kubeconfig, ...flags];
  const pty = spawn(process.execPath, args, { name: env.TERM, cols: 120, rows: 40, env });
  const seen = Promise.withResolvers<void>();
  let text = '';
  pty.onData((chunk) => {
    text += chunk;
    if (text.includes('Wrong now')) seen.resolve();
  });
  pty.onExit(() => seen.reject(new Error(`it ended before its first frame:\n${text}`)));
  await seen.promise;
  const first = processCost(pty.pid);
  await sleep(settleMs);
  const later = processCost(pty.pid);
  pty.kill('SIGKILL');
  return { first, later };
}

function importCost(packages: readonly string[]): Cost {
  const imports = packages.map((name) => `await import(${JSON.stringify(name)});`).join('');
  const program = `${imports} const { user, system } = process.cpuUsage();
    console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  return JSON.parse(stdout) as Cost;
}
