import { setInterval } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { live } from './look.ts';
import type { Driven } from './terminal.ts';

let cluster: EmbeddedCluster;
beforeAll(async () => {
  cluster = await startCluster('--scenario', 'agent-crash-loop', '--nodes', '8', '--pods', '120', '--churn', '40');
});
afterAll(() => cluster.stop());

it('20×5: one line of verdict, keys that do no harm, and the whole when there is room again', async () => {
  const console = cluster.console({ columns: 20, rows: 5 });
  const lines = () => console.screen().filter((line) => line.trim() !== '');
  await console.until(() => lines()[1] === ' needs 40×8' && /^ ✖ 1 /.test(lines()[0] ?? ''), 30_000);
  console.press('2', 'j', '?', 'esc', '0');
  await console.until(() => lines().length === 2);
  console.resize(80, 24);
  await console.until('agents crash-loop in init mount-bpf-fs');
  await console.until(/── 7 Changed/);
  console.press('q', 'q');
  expect(await console.exit).toBe(0);
  expect(await console.restored()).toEqual([]);
});

it('fifty sizes in a second, while rows come and go: the last one is drawn as if it had always been so', async () => {
  const console = cluster.console({ columns: 120, rows: 40 });
  await console.until(live, 30_000);
  console.press('2');
  await console.until(/── Agents .*2 sick of 8 .*● live/);
  let index = 0;
  for await (const _ of setInterval(18)) {
    console.resize(30 + ((index * 37) % 170), 6 + ((index * 13) % 50));
    if (++index === 50) break;
  }
  console.resize(100, 30);
  await console.until(() => isWhole(console, 30), 10_000);
  const fresh = cluster.console({ columns: 100, rows: 30 });
  await fresh.until(live, 30_000);
  fresh.press('2');
  await fresh.until(/── Agents .*2 sick of 8 .*● live/);
  // Restarts and times go on while both are looked at.
  await console.until(() => same(console, fresh), 15_000);
  expect(look(console)).toEqual(look(fresh));
  console.press('0');
  fresh.press('0');
  await console.until(/── 7 Changed/);
  console.kill();
  fresh.kill();
});

const isWhole = (console: Driven, rows: number) =>
  /── Agents/.test(console.text()) && (console.screen()[rows - 1] ?? '') !== '';

/** What stands below the header, whose latency and clock are each console's own, with how it looks. */
const look = (console: Driven) =>
  console.screen().flatMap((text, row) => (row === 0 ? [] : [[text, looks(console, row)]]));
const looks = (console: Driven, row: number) =>
  console.line(row).map((cell) => (cell.text.trim() === '' && !cell.inverse ? '' : Object.values(cell).join()));
const same = (a: Driven, b: Driven) => JSON.stringify(look(a)) === JSON.stringify(look(b));
