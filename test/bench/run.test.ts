import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const bench = (...words: string[]) => spawnSync(process.execPath, ['bench/run.ts', ...words], { encoding: 'utf8' });

it('--help names every measurement and what it measures', () => {
  const { status, stdout, stderr } = bench('--help');
  const measuring = readdirSync('bench').filter((file) => /\breport\(/.test(readFileSync(`bench/${file}`, 'utf8')));
  for (const file of measuring.filter((name) => name !== 'report.ts'))
    expect(stdout).toMatch(new RegExp(`\n {2}${file.slice(0, -3)}\n {4}[A-Z]`));
  expect([status, stderr]).toEqual([0, '']);
});

it('a name it does not know is told in one sentence', () => {
  const { status, stdout, stderr } = bench('first-frame', 'snyc');
  expect(stderr).toMatch(/^There is no measurement "snyc": there are first-frame, .*, model\.\n$/);
  expect([status, stdout]).toEqual([2, '']);
});
