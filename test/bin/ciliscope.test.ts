import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-bin-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Code that runs before the program's own: an older Node, another system. */
function pretending(change: string): string[] {
  const file = join(folder, `${change.length}-${change.replace(/\W/g, '').slice(0, 20)}.cjs`);
  writeFileSync(file, change);
  return ['--require', file];
}
const olderNode = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });`;
const run = (args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, args, { encoding: 'utf8' });

/** The launcher beside a program of our own, and, where given, a brought Node that cannot run. */
function installation(name: string, program: string | undefined, node?: string): string {
  const root = join(folder, name);
  cpSync('bin', join(root, 'bin'), { recursive: true });
  if (program !== undefined) {
    mkdirSync(join(root, 'dist'));
    writeFileSync(join(root, 'dist', 'main.js'), program);
    writeFileSync(join(root, 'dist', 'package.json'), '{"type":"module"}');
  }
  if (node !== undefined) {
    const brought = join(root, 'node_modules', `node-linux-${process.arch}`);
    mkdirSync(join(brought, 'bin'), { recursive: true });
    writeFileSync(join(brought, 'package.json'), '{}');
    writeFileSync(join(brought, 'bin', 'node'), node);
    chmodSync(join(brought, 'bin', 'node'), 0o755);
  }
  return join(root, 'bin', 'ciliscope.js');
}

describe('bin/ciliscope.js', () => {
  it('says what to run when nothing is built', () => {
    const { status, stderr } = run([installation('unbuilt', undefined)]);
    expect([status, stderr]).toEqual([2, 'ciliscope is not built yet. Run: npm run build\n']);
  });

  it('under an older Node runs under the one the project brings, with its arguments, output and exit code', () => {
    const { status, stdout, stderr } = run([
      ...pretending(olderNode),
      'bin/ciliscope.js',
      'check',
      '--kubeconfig',
      '/nonexistent',
    ]);
    expect(stdout).toBe('');
    expect(stderr).toContain('/nonexistent does not exist');
    expect(status).toBe(2);
  });

  it('passes signals on, and ends as its child did', async () => {
    const program = `export function start() { setInterval(() => {}, 1000); process.on('SIGTERM', () => { console.log('asked'); process.exit(7); }); console.log('up'); }`;
    const launcher = installation('signals', program, `#!/bin/sh\nexec ${process.execPath} "$@"\n`);
    const child = spawn(process.execPath, [...pretending(olderNode), launcher], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line === 'up') child.kill('SIGTERM');
    }
    const code = child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve)));
    expect([lines, code]).toEqual([['up', 'asked'], 7]);
  });

  it.each([
    [
      'there is none for the system',
      installation('mac', ''),
      `${olderNode} Object.defineProperty(process, 'platform', { value: 'darwin' });`,
    ],
    ['it cannot run here (musl)', installation('musl', '', '#!/lib/no-such-loader\n'), olderNode],
  ])('one sentence when %s', (_, launcher, change) => {
    const { status, stderr } = run([...pretending(change), launcher]);
    expect(stderr).toMatch(
      /^ciliscope needs Node 24 or newer, this is 20\.20\.2 and .+\. Install Node 24 and start again\.\n$/,
    );
    expect(status).toBe(2);
  });
});
