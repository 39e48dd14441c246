// The terminal's reader stops for four seconds, as a stalled SSH line does: how long does the console's event loop stand
// still meanwhile, and is the screen right afterwards?
import { setTimeout as sleep } from 'node:timers/promises';
import { startMeasured } from './measured-program.ts';
import { report } from './report.ts';
import { startSimulator } from './simulator.ts';

const pause = 4_000;
const tickMs = 5;
const idle = 'setInterval(() => {}, 1e6); process.stdout.write("ready")';

const simulator = await startSimulator(
  '--scenario',
  'endpoint-storm',
  '--nodes',
  '20',
  '--pods',
  '500',
  '--churn',
  '200',
);
const program = await startMeasured(['bin/ciliscope.js', '--kubeconfig', simulator.kubeconfig], {
  columns: 200,
  rows: 60,
  tickMs,
});
const bare = await startMeasured(['--eval', idle], { columns: 200, rows: 60, tickMs });
try {
  await program.until(/[● ](\d+)\/\1 api/);
  program.write('3');
  await program.until(/── Endpoint/);
  await sleep(3_000);
  await Promise.all([program.read(), bare.read()]);
  program.pause();
  // Keys make it draw whole new screens, so that what is not read is more than the line holds.
  for (let turn = 0; turn < pause / 100; turn += 1) {
    program.write(turn % 2 === 0 ? '0' : '3');
    await sleep(100);
  }
  const [paused, other] = await Promise.all([program.read(), bare.read()]);
  program.write('2');
  const resumed = performance.now();
  program.resume();
  await program.until(/── Agents .*(live|stale)/);
  const right = performance.now() - resumed;
  report('Longest stall of the event loop while the reader stands still for 4 s, ms', [
    {
      what: 'the console, endpoints changing, 200×60',
      figure: paused.stallMs.toFixed(0),
      limit: `${other.stallMs.toFixed(0)} = an idle Node meanwhile`,
      aim: '≤ 50',
    },
    { what: '  of it this thread was working', figure: paused.stallCpuMs.toFixed(0) },
    { what: 'from the reader going on to the right screen', figure: right.toFixed(0) },
  ]);
} finally {
  await program.stop();
  await bare.stop();
  await simulator.stop();
}
