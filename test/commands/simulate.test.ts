import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command as Program } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Terminal } from '../../src/commands/command.ts';
import { simulate } from '../../src/commands/simulate.ts';
import { ask } from '../simulator/faults/client.ts';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-simulate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Running = { line: Promise<Record<string, unknown>>; stop(): Promise<number>; code: Promise<number> };

/** Types `simulate …`; stdin is a pipe, as the console's child has it. */
function type(...words: string[]): Running {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const terminal = { stdin, stdout, stderr: new PassThrough(), env: {} } as unknown as Terminal;
  const program = new Program().exitOverride().configureOutput({ writeErr: () => {} });
  simulate.describe(program);
  const code = new Promise<number>((resolve, reject) => {
    program.action((options: Record<string, unknown>) => simulate.run([], options, terminal).then(resolve, reject));
    program.parseAsync(words, { from: 'user' }).catch(reject);
  });
  const line = new Promise<Record<string, unknown>>((resolve) => {
    stdout.once('data', (text: Buffer) => resolve(JSON.parse(String(text).split('\n')[0] ?? '')));
  });
  return {
    line,
    code,
    stop() {
      stdin.end();
      return code;
    },
  };
}

type Azure = {
  authority: string;
  arm: string;
  tenant: string;
  subscription: string;
  cluster: string;
  ca: string;
  env: Record<string, string>;
};

/** By the environment that is handed to a console, and what else the line says. */
async function signsIn({ authority, arm, tenant, subscription, cluster, ca: file, env }: Azure): Promise<void> {
  expect(env).toMatchObject({
    AZURE_AUTHORITY_HOST: authority,
    AZURE_TENANT_ID: tenant,
    CILISCOPE_AZURE_ARM: arm,
    CILISCOPE_AZURE_LOGS: arm,
    CILISCOPE_AZURE_CA: file,
  });
  const ca = readFileSync(file, 'utf8');
  const { ClientSecretCredential } = await import('@azure/identity');
  const credential = new ClientSecretCredential(
    tenant,
    env['AZURE_CLIENT_ID'] ?? '',
    env['AZURE_CLIENT_SECRET'] ?? '',
    {
      authorityHost: authority,
      disableInstanceDiscovery: true,
      tlsOptions: { ca },
    },
  );
  const { token } = await credential.getToken('https://management.azure.com/.default');
  const clusters = await ask(
    `${arm}/subscriptions/${subscription}/providers/Microsoft.ContainerService/managedClusters?api-version=2026-06-01`,
    { ca, token },
  );
  expect(JSON.parse(clusters.body).value.map(({ name }: { name: string }) => name)).toContain(cluster);
}

const small = ['--nodes', '2', '--pods', '12', '--churn', '0', '--until-stdin-closes'];

describe('simulate', () => {
  it('says in one line where it listens, writes a kubeconfig only its owner may read, and ends with its parent', async () => {
    const file = join(folder, 'kubeconfig');
    writeFileSync(file, '', { mode: 0o644 });
    const running = type('--scenario', 'healthy', ...small, '--seed', '7', '--write-kubeconfig', file);
    const line = await running.line;
    expect(Object.keys(line)).toEqual(['url', 'control', 'pid', 'seed', 'scenario', 'kubeconfig', 'azure']);
    expect(line).toMatchObject({ seed: 7, scenario: 'healthy', kubeconfig: file, pid: process.pid });
    await signsIn(line['azure'] as Azure);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const config = parse(readFileSync(file, 'utf8'));
    expect([config['current-context'], config.contexts.map(({ name }: { name: string }) => name)]).toEqual([
      'admin',
      ['admin', 'reader', 'namespace', 'expired'],
    ]);
    const ca = Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64').toString();
    const get = (user: number, path: string) =>
      ask(`${line['url']}${path}`, { ca, token: config.users[user].user.token });
    const nodes = JSON.parse((await get(0, '/api/v1/nodes')).body);
    expect(nodes.items).toHaveLength(2);
    expect((await get(1, '/api/v1/pods')).status).toBe(200);
    expect((await get(1, '/api/v1/secrets')).status).toBe(403);
    expect((await get(2, '/api/v1/pods')).status).toBe(403);
    expect((await get(2, `/api/v1/namespaces/${config.contexts[2].context.namespace}/pods`)).status).toBe(200);
    expect((await get(3, '/api/v1/nodes')).status).toBe(401);
    expect(await running.stop()).toBe(0);
    expect((await get(0, '/version')).end).toBe('refused');
  });

  it('writes its kubeconfig into a pipe, and leaves the pipe where it is', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const end = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const running = type('--scenario', 'empty', '--until-stdin-closes', '--write-kubeconfig', pipe);
    await running.line;
    expect(statSync(pipe).isFIFO()).toBe(true);
    const bytes = Buffer.alloc(65_536);
    expect(parse(bytes.toString('utf8', 0, readSync(end, bytes)))).toMatchObject({ 'current-context': 'admin' });
    closeSync(end);
    await running.stop();
  });

  it('keeps its kubeconfig in a private folder, and takes it away, where no file was named', async () => {
    const running = type('--scenario', 'empty', '--until-stdin-closes');
    const { kubeconfig, azure } = (await running.line) as { kubeconfig: string; azure: Azure };
    expect(statSync(azure.ca).isFile()).toBe(true);
    expect(statSync(join(kubeconfig, '..')).mode & 0o777).toBe(0o700);
    await running.stop();
    expect(() => statSync(join(kubeconfig, '..'))).toThrow();
    expect(() => statSync(azure.ca)).toThrow();
  });

  it.each([
    ['expired-credentials', 401],
    ['forbidden', 403],
  ])('%s: the current user gets %i for services', async (scenario, status) => {
    const file = join(folder, scenario);
    const running = type('--scenario', scenario, ...small, '--write-kubeconfig', file);
    const { url } = await running.line;
    const config = parse(readFileSync(file, 'utf8'));
    const ca = Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64').toString();
    const reply = await ask(`${url}/api/v1/services`, { ca, token: config.users[0].user.token });
    expect(reply.status).toBe(status);
    await running.stop();
  });

  it.each([
    [['--scenario', 'no-such'], 'There is no scenario "no-such". simulate --list-scenarios lists all'],
    [['--nodes', 'many'], '--nodes is "many". Give a whole number from 0 to 20,000.'],
    [['--pods', '-1'], '--pods is "-1".'],
    [['--churn', '1.5'], '--churn is "1.5".'],
    [['--port', '70000'], '--port is "70000".'],
    [['--seed', 'x'], '--seed is "x".'],
    [['--fault', 'no-such'], 'There is no fault "no-such".'],
    [['--fault', 'black-hole,count=none'], 'The fault\'s count is "none".'],
    [
      ['--scenario', 'empty', '--write-kubeconfig', '/no/such/folder/file'],
      'The kubeconfig cannot be written to /no/such/folder/file: ENOENT.',
    ],
    // Said before so large a cluster is built.
    [
      ['--nodes', '5000', '--pods', '200000', '--write-kubeconfig', '/'],
      'The kubeconfig cannot be written to /: EISDIR.',
    ],
  ])('%j is refused in one sentence', async (words, sentence) => {
    await expect(type(...words).code).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(sentence),
    });
  });

  it('refuses a port that is taken', async () => {
    const running = type('--scenario', 'empty', '--until-stdin-closes');
    const { url } = (await running.line) as { url: string };
    await expect(type('--scenario', 'empty', '--port', new URL(url).port).code).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('is taken'),
    });
    await running.stop();
  });
});
