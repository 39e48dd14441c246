import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startDemo } from '../../src/commands/demo-cluster.ts';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const program = [fixture('program.ts')];

async function answers(control: string): Promise<boolean> {
  return fetch(control).then(
    () => true,
    () => false,
  );
}

describe('the demo’s cluster', () => {
  it('runs in a process of its own until it is stopped, and leaves nothing behind', async () => {
    const told: string[] = [];
    const demo = await startDemo('empty', (text) => told.push(text), program);
    expect(told[0]).toContain('empty');
    expect(existsSync(demo.kubeconfig)).toBe(true);
    expect(await answers(demo.control)).toBe(true);
    await demo.stop();
    expect(await answers(demo.control)).toBe(false);
    expect(existsSync(demo.kubeconfig)).toBe(false);
  });

  it('ends when its parent is killed', async () => {
    const parent = spawn(process.execPath, [fixture('demo-parent.ts'), ...program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve) =>
      createInterface({ input: parent.stdout }).once('line', resolve),
    );
    const { control, kubeconfig } = JSON.parse(line) as { control: string; kubeconfig: string };
    expect(await answers(control)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => answers(control), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => existsSync(kubeconfig), { timeout: 10_000 }).toBe(false);
  });

  it('says where the scenarios are listed when the one asked for is unknown', async () => {
    await expect(startDemo('no-such', () => {}, program)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('--list-scenarios'),
    });
  });

  it('says why it did not start', async () => {
    const broken = ['-e', 'process.stderr.write("no memory"); process.exitCode = 3'];
    await expect(startDemo('empty', () => {}, broken)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('did not start: no memory'),
    });
  });
});
