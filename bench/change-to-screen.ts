// From the server's answer to a write to its text on the screen, on a cluster where other things change as well.
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { startMeasured } from './measured-program.ts';
import { quantile, report } from './report.ts';
import { type Simulator, startSimulator } from './simulator.ts';

const writes = 120;
const policies = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies';

const simulator = await startSimulator('--scenario', 'healthy', '--nodes', '50', '--pods', '1000', '--churn', '100');
const dispatcher = new Agent({ connect: { ca: simulator.ca } });
const program = await startMeasured(['bin/ciliscope.js', '--kubeconfig', simulator.kubeconfig], {
  columns: 120,
  rows: 40,
});
try {
  await program.until(/[● ](\d+)\/\1 api/);
  program.write('4');
  await program.until(/── Policies .*live/);
  const taken: number[] = [];
  for (let number = 0; number < writes; number += 1) {
    const name = `bench-${number}-${Math.random().toString(36).slice(2, 8)}`;
    await write(simulator, 'POST', policies, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name },
      spec: { podSelector: {} },
    });
    const acknowledged = performance.now();
    await program.until(new RegExp(name), 10_000);
    taken.push(performance.now() - acknowledged);
    await write(simulator, 'DELETE', `${policies}/${name}`);
    await sleep(50 + Math.random() * 150);
  }
  report(`Change acknowledged by the server to its text on the screen, ms (${writes} writes, 100 endpoint changes/s)`, [
    { what: 'p50', figure: quantile(taken, 0.5).toFixed(0) },
    { what: 'p99', figure: quantile(taken, 0.99).toFixed(0), aim: '≤ 150' },
  ]);
} finally {
  await program.stop();
  await dispatcher.close();
  await simulator.stop();
}

async function write({ url, token }: Simulator, method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> {
  const answer = await request(`${url}${path}`, {
    method,
    dispatcher,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
}
