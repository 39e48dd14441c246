// What 1,000 and 5,000 changes a second cost the console on a cluster of 100,000 pods: its screen's thread and the whole
// process, with the overview and with the endpoints open.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMeasured } from './measured-program.ts';
import { type Figure, report } from './report.ts';

const settleMs = 4_000;
const measureMs = 10_000;

const cluster = fork(`${import.meta.dirname}/paced-cluster.ts`);
const [{ kubeconfig }] = (await once(cluster, 'message')) as [{ kubeconfig: string }];
const program = await startMeasured(['bin/ciliscope.js', '--kubeconfig', kubeconfig], { columns: 200, rows: 60 });
let bytes = 0;
program.onBytes((text) => {
  bytes += text.length;
});
const figures: Figure[] = [];
try {
  await program.until(/[● ](\d+)\/\1 api/, 180_000);
  for (const [key, title] of [
    ['0', 'overview'],
    ['3', 'endpoints'],
    ['tt', 'all endpoints'],
  ] as const) {
    program.write(key);
    for (const pace of [0, 1_000, 5_000]) figures.push(await measure(title, pace));
  }
} finally {
  await program.stop();
  cluster.disconnect();
}
report('Share of a core on the screen thread, and of the whole process', figures);

async function measure(title: string, pace: number): Promise<Figure> {
  await setPace(pace);
  await sleep(settleMs);
  const before = await program.read();
  const bytesBefore = bytes;
  const began = performance.now();
  await setPace(pace);
  await sleep(measureMs);
  const sent = await setPace(pace);
  const seconds = (performance.now() - began) / 1_000;
  const after = await program.read();
  const thread = (after.threadMs - before.threadMs) / seconds / 10;
  const whole = (after.processMs - before.processMs) / seconds / 10;
  const kilobytes = (bytes - bytesBefore) / seconds / 1_000;
  return {
    what: `${title}, ${(sent / seconds).toFixed(0)} changes/s`,
    figure: `${thread.toFixed(1)} %, ${whole.toFixed(0)} %`,
    limit: `${kilobytes.toFixed(1)} kB/s to the terminal, ${after.residentMegabytes.toFixed(0)} MB`,
    ...(pace === 5_000 ? { aim: 'screen ≤ 5 %' } : {}),
  };
}

/** Resolves to how many changes were sent since it was last told. */
async function setPace(pace: number): Promise<number> {
  const told = once(cluster, 'message');
  cluster.send(pace);
  const [{ sent }] = (await told) as [{ sent: number }];
  return sent;
}
