// The embedded cluster at its largest, with a console connected: how soon it is up, how big it grows, whether it keeps
// its pace, and how long small requests wait while 100,000 objects are on their way to somebody.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { type MeasuredProgram, startMeasured } from './measured-program.ts';
import { quantile, report } from './report.ts';
import { type Simulator, startSimulator } from './simulator.ts';

const measuredMs = 1_000 * Number(process.argv[2] ?? 120);
const churn = 1_000;
const small = [
  '/version',
  '/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dcilium-operator',
  '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/cilium-operator-resource-lock',
];

const started = performance.now();
const simulator = await startSimulator('--nodes', '5000', '--pods', '100000', '--churn', String(churn));
const upAfter = (performance.now() - started) / 1_000;
const dispatcher = new Agent({ connect: { ca: simulator.ca }, bodyTimeout: 0 });
const headers = { authorization: `Bearer ${simulator.token}` };
const over = new AbortController();
let console: MeasuredProgram | undefined;
try {
  const atStart = residentMegabytes(simulator);
  const waits: number[] = [];
  const asking = askSmall(waits);
  console = await startMeasured(['bin/ciliscope.js', '--kubeconfig', simulator.kubeconfig], { columns: 200, rows: 60 });
  const syncing = performance.now();
  await console.until(/[● ](\d+)\/\1 api/, 300_000);
  const synced = (performance.now() - syncing) / 1_000;
  const whileSyncing = waits.splice(0);
  const changes = { endpoints: 0, pods: 0, slices: 0 };
  const watching = Promise.all([
    countChanges('/apis/cilium.io/v2/ciliumendpoints', () => changes.endpoints++),
    countChanges('/api/v1/pods', () => changes.pods++),
    countChanges('/apis/cilium.io/v2alpha1/ciliumendpointslices', () => changes.slices++),
  ]);
  const sizes: number[] = [];
  const slowest = { perSecond: Number.POSITIVE_INFINITY };
  const began = performance.now();
  while (performance.now() - began < measuredMs) {
    const before = changes.endpoints;
    const from = performance.now();
    await sleep(10_000);
    slowest.perSecond = Math.min(
      slowest.perSecond,
      (1_000 * (changes.endpoints - before)) / (performance.now() - from),
    );
    sizes.push(residentMegabytes(simulator));
  }
  const seconds = (performance.now() - began) / 1_000;
  const rate = (count: number) => (count / seconds).toFixed(0);
  over.abort();
  await asking;
  await watching;
  report(`A cluster of 5,000 nodes, 100,000 pods and ${churn} endpoint changes a second, with a console`, [
    { what: 'listens after, s', figure: upAfter.toFixed(1), aim: '< 20' },
    { what: 'console has everything after, s', figure: synced.toFixed(1) },
    { what: 'memory at start, MB', figure: atStart.toFixed(0) },
    {
      what: 'greatest, MB',
      figure: Math.max(...sizes).toFixed(0),
      limit: `over ${seconds.toFixed(0)} s`,
      aim: '< 2048',
    },
    { what: 'endpoint changes/s written to a watcher', figure: rate(changes.endpoints), aim: `≥ ${churn}` },
    { what: 'slowest ten seconds of it', figure: slowest.perSecond.toFixed(0) },
    { what: 'pod changes/s, slice changes/s', figure: `${rate(changes.pods)}, ${rate(changes.slices)}` },
    ...tell('small request while the console syncs', whileSyncing),
    ...tell('small request afterwards', waits),
  ]);
} finally {
  over.abort();
  await console?.stop();
  await dispatcher.destroy();
  await simulator.stop();
}

function tell(what: string, waits: readonly number[]) {
  const [half, most, all] = [0.5, 0.99, 1].map((share) => quantile(waits, share).toFixed(0));
  return [{ what: `${what}, ms`, figure: `${half} p50, ${most} p99, ${all} max`, aim: 'tens' }];
}

/** One small request after the other, ten a second. */
async function askSmall(waits: number[]): Promise<void> {
  for (let turn = 0; !over.signal.aborted; turn++) {
    const from = performance.now();
    const { body } = await request(`${simulator.url}${small[turn % small.length]}`, { dispatcher, headers });
    await body.dump();
    waits.push(performance.now() - from);
    await sleep(100);
  }
}

/** Lines of a watch from now on; objects are not read. */
async function countChanges(path: string, count: () => void): Promise<void> {
  const list = await request(`${simulator.url}${path}?limit=1`, { dispatcher, headers });
  const { metadata } = (await list.body.json()) as { metadata: { resourceVersion: string } };
  const query = `watch=true&resourceVersion=${metadata.resourceVersion}&timeoutSeconds=3600`;
  const { body } = await request(`${simulator.url}${path}?${query}`, { dispatcher, headers });
  over.signal.addEventListener('abort', () => body.destroy());
  body.on('error', () => {});
  body.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 10) count();
  });
  await once(body, 'close');
}

function residentMegabytes({ pid }: Simulator): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
