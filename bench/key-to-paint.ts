// From the key to the first byte that shows its effect, while thirty frames a second want to be drawn: at two sizes of the
// terminal, and beside a bare program that only echoes its keys under the same load of the machine. Presses during which
// this program itself was held up by the machine are counted apart.
import { setTimeout as sleep } from 'node:timers/promises';
import { bundled } from '../test/drive/bundled.ts';
import { type MeasuredProgram, startMeasured } from './measured-program.ts';
import { type Figure, quantile, report } from './report.ts';

const presses = 150;
/** A timer of two milliseconds that comes later than this was held up by others. */
const heldUpMs = 5;
const echo =
  'process.stdin.setRawMode(true); process.stdin.on("data", () => process.stdout.write("▸")); setInterval(() => {}, 1e6); process.stdout.write("ready")';

const figures: Figure[] = [];
const toolkit = await bundled('toolkit.tsx');
try {
  for (const [columns, rows] of [
    [200, 60],
    [120, 40],
  ] as const) {
    const bare = await startMeasured(['--eval', echo], { columns, rows });
    await bare.until(/ready/);
    const limit = await delays(bare);
    await bare.stop();
    for (const touched of [10, 40]) {
      const env = { CHURN: '30', ITEMS: '200', TOUCHED: String(touched) };
      const program = await startMeasured([toolkit.path], { columns, rows, env });
      await program.until(/item-0001/);
      program.write('1');
      await program.until(/▸ . item-0000/);
      let frames = 0;
      program.onBytes(() => {
        frames += 1;
      });
      const began = performance.now();
      const before = await program.read();
      const taken = await delays(program);
      const after = await program.read();
      const seconds = (performance.now() - began) / 1_000;
      await program.stop();
      figures.push({
        what: `${columns}×${rows}, ${touched} rows change: p50 / p99 ms`,
        figure: both(taken.all),
        limit: `${both(limit.all)} = bare echo`,
        aim: 'p99 ≤ 16',
      });
      figures.push({
        what: `  of the ${taken.calm.length} of ${presses} presses while the machine was not held up`,
        figure: both(taken.calm),
        limit: both(limit.calm),
      });
      figures.push({
        what: '  frames a second; CPU of its thread, % of a core',
        figure: `${(frames / seconds).toFixed(0)}; ${((after.threadMs - before.threadMs) / seconds / 10).toFixed(0)}`,
      });
    }
  }
} finally {
  toolkit.remove();
}
report('Key to paint under 30 frames/s of churn', figures);

type Delays = { all: number[]; calm: number[] };

function both(samples: readonly number[]): string {
  return `${quantile(samples, 0.5).toFixed(1)} / ${quantile(samples, 0.99).toFixed(1)}`;
}

/** The cursor's sign is written anew only where it has moved to: nothing but the key's answer contains it. */
async function delays(program: MeasuredProgram): Promise<Delays> {
  const all: number[] = [];
  const calm: number[] = [];
  let pressed = 0;
  let answered = () => {};
  let turned = performance.now();
  let worst = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - turned);
    turned = now;
  }, 2);
  program.onBytes((text) => {
    if (pressed === 0 || !text.includes('▸')) return;
    const now = performance.now();
    all.push(now - pressed);
    if (Math.max(worst, now - turned) < heldUpMs) calm.push(now - pressed);
    pressed = 0;
    answered();
  });
  for (let press = 0; press < presses; press += 1) {
    const { promise, resolve } = Promise.withResolvers<void>();
    answered = resolve;
    pressed = performance.now();
    worst = 0;
    program.write(press % 8 < 4 ? 'j' : 'k');
    await promise;
    // No step of the churn's own beat: the presses fall anywhere between two frames.
    await sleep(40 + Math.random() * 60);
  }
  clearInterval(timer);
  return { all, calm };
}
