// From the start of the program in a terminal to its first frame, beside a Node that only starts and ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { quantile, report } from './report.ts';
import { startSimulator } from './simulator.ts';

const rounds = 15;

const home = mkdtempSync(join(tmpdir(), 'ciliscope-bench-'));
const simulator = await startSimulator('--scenario', 'healthy', '--nodes', '20', '--pods', '200');
try {
  const ours: number[] = [];
  const bare: number[] = [];
  // In turn, so that both see the same load of the machine.
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await timeTo(/x/, ['--eval', 'process.stdout.write("x")']));
    ours.push(await timeTo(/Wrong now/, ['bin/ciliscope.js', '--kubeconfig', simulator.kubeconfig]));
  }
  const [limit, reached] = [quantile(bare, 0.5), quantile(ours, 0.5)];
  report('First frame of the console, ms from its start in a terminal (median, least)', [
    {
      what: `${rounds} starts at 120×40`,
      figure: `${reached.toFixed(0)}, ${Math.min(...ours).toFixed(0)}`,
      limit: `${limit.toFixed(0)}, ${Math.min(...bare).toFixed(0)} = node -e 0`,
    },
    { what: 'times a bare Node', figure: `${(reached / limit).toFixed(1)} ×` },
  ]);
} finally {
  await simulator.stop();
  rmSync(home, { recursive: true, force: true });
}

/** Until the program has written something that matches, ms; then it is killed. */
function timeTo(what: RegExp, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_STATE_HOME: home,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
  };
  const pty = spawn(process.execPath, [...args], { name: env.TERM, cols: 120, rows: 40, env });
  return new Promise((resolve, reject) => {
    let seen = '';
    let taken: number | undefined;
    pty.onData((text) => {
      seen += text;
      if (taken !== undefined || !what.test(seen)) return;
      taken = performance.now() - started;
      pty.kill('SIGKILL');
    });
    pty.onExit(() => (taken === undefined ? reject(new Error(`it ended without ${what}:\n${seen}`)) : resolve(taken)));
  });
}
