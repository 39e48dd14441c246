// From the start of the console until it names a crash-looping agent, on a cluster of 100,000 endpoints of which almost
// everything is still to be read; beside the first request of the same run, and beside kubectl that reads the agents alone.
import { spawnSync } from 'node:child_process';
import { Agent, request } from 'undici';
import { startMeasured } from './measured-program.ts';
import { quantile, report } from './report.ts';
import { startSimulator } from './simulator.ts';

const rounds = 5;

const simulator = await startSimulator(
  '--scenario',
  'agent-crash-loop',
  '--nodes',
  '1000',
  '--pods',
  '100000',
  '--churn',
  '0',
);
const dispatcher = new Agent();
try {
  const [fromStart, fromRequest, peer]: number[][] = [[], [], []];
  let loading = '';
  for (let round = 0; round < rounds; round += 1) {
    const started = Date.now();
    const args = ['bin/ciliscope.js', '--kubeconfig', simulator.kubeconfig];
    const program = await startMeasured(args, { columns: 120, rows: 40 });
    await program.until(/agents? crash-loop/);
    const named = Date.now();
    loading = /◐ \d+\/\d+ [\w ]+/.exec(program.text())?.[0] ?? 'nothing loads any more';
    await program.stop();
    fromStart?.push(named - started);
    fromRequest?.push(named - (await firstRequestSince(started)));
    const list = ['get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=cilium', '--kubeconfig', simulator.kubeconfig];
    const before = performance.now();
    if (spawnSync('kubectl', list).status === 0) peer?.push(performance.now() - before);
  }
  const median = (values: readonly number[] = []) => (values.length === 0 ? '–' : quantile(values, 0.5).toFixed(0));
  report(`A crash-looping agent is named, ms (median of ${rounds}), while "${loading}"`, [
    { what: 'after the first request', figure: median(fromRequest), aim: '≤ 2000' },
    { what: 'after the start of the program', figure: median(fromStart) },
    { what: 'kubectl get pods -n kube-system -l k8s-app=cilium', figure: median(peer) },
  ]);
} finally {
  await dispatcher.close();
  await simulator.stop();
}

/** When the server was first asked after `since`, by its own log. */
async function firstRequestSince(since: number): Promise<number> {
  const { body } = await request(`${simulator.control}/requests`, {
    dispatcher,
    headers: { authorization: `Bearer ${simulator.token}` },
  });
  const lines = (await body.text()).split('\n').filter((line) => line !== '');
  const times = lines.map((line) => Date.parse((JSON.parse(line) as { at: string }).at));
  return Math.min(...times.filter((at) => at >= since));
}
