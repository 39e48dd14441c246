import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createAuthority } from '../../src/simulator/api/certificates.ts';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { live } from './look.ts';
import { drive } from './terminal.ts';

// What cannot work is said in one sentence with what to try, on a terminal that is as it was, and ends with 2.
let cluster: EmbeddedCluster;
let folder: string;
const servers: Server[] = [];
const sockets = new Set<Socket>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ciliscope-bad-'));
  cluster = await startCluster('--scenario', 'empty');
});
afterEach(() => cluster.mend());
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Told = { code: number; left: string[]; said: string };

/** Runs it to its end in a wide terminal. */
async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Told> {
  const console = drive(process.execPath, ['bin/ciliscope.js', ...args], {
    columns: 400,
    env: { HOME: folder, XDG_STATE_HOME: folder, ...env },
  });
  const code = await console.exit;
  const left = await console.restored();
  const said = console.text().trim();
  console.kill();
  return { code, left, said };
}

function file(text: string): string {
  const path = join(mkdtempSync(join(folder, 'file-')), 'kubeconfig');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

type Kubeconfig = {
  clusters: { cluster: { server: string; 'certificate-authority-data'?: string } }[];
  users: { user: object }[];
};

/** The cluster's kubeconfig, changed. */
function kubeconfig(change: (config: Kubeconfig) => void): string {
  const config = parse(readFileSync(cluster.kubeconfig, 'utf8')) as Kubeconfig;
  change(config);
  return file(stringify(config));
}

const at = (server: string, ca?: string) =>
  kubeconfig(({ clusters: [first] }) => {
    if (first === undefined) return;
    first.cluster.server = server;
    if (ca !== undefined) first.cluster['certificate-authority-data'] = Buffer.from(ca).toString('base64');
  });

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const mine = () => ['--kubeconfig', cluster.kubeconfig];
const given = (path: string) => ['--kubeconfig', path];

type Case = {
  what: string;
  args(): Promise<readonly string[]> | readonly string[];
  says: RegExp;
  env?: Record<string, string>;
  fault?: string;
};

const cases: readonly Case[] = [
  {
    what: 'a kubeconfig that is not there',
    args: () => given(join(folder, 'nowhere')),
    says: /nowhere (does not exist|is not there|cannot be read)/,
  },
  { what: 'no kubeconfig at all', args: () => [], says: /no kubeconfig/i },
  { what: 'a kubeconfig that is no YAML', args: () => given(file('a: [b\n  - "')), says: /kubeconfig .* is (no|not) / },
  { what: 'an empty kubeconfig', args: () => given(file('')), says: /kubeconfig .*(is empty|no context|no current)/ },
  { what: 'a list where a kubeconfig belongs', args: () => given(file('- 1\n- 2\n')), says: /kubeconfig/ },
  { what: 'an unknown context', args: () => [...mine(), '--context', 'nowhere'], says: /no context "nowhere".*admin/ },
  {
    what: 'a server that refuses connections',
    args: async () => given(at(await closedPort())),
    says: /refuses connections/,
  },
  {
    what: 'a server that takes the connection and says nothing',
    args: async () => given(at(`https://127.0.0.1:${await listen(createServer())}`)),
    says: /does not answer|no answer/,
    env: { CILISCOPE_REQUEST_MS: '1500' },
  },
  {
    what: 'a server that reads the request and says nothing',
    args: mine,
    says: /does not answer/,
    env: { CILISCOPE_REQUEST_MS: '1500' },
    fault: 'black-hole',
  },
  { what: 'another authority', args: mine, says: /signed by an authority/, fault: 'certificate-unknown-authority' },
  { what: 'a certificate for another name', args: mine, says: /for another name/, fault: 'certificate-wrong-host' },
  { what: 'an expired certificate', args: mine, says: /has expired/, fault: 'certificate-expired' },
  { what: 'an expired token', args: () => [...mine(), '--context', 'expired'], says: /401.*Sign in again/ },
  {
    what: 'a web server that is no Kubernetes',
    args: async () => {
      const authority = await createAuthority();
      const { key, cert } = await authority.issue('valid');
      const server = createHttpsServer({ key, cert }, (_request, response) => response.end('<h1>It works</h1>'));
      return given(at(`https://127.0.0.1:${await listen(server)}`, authority.ca));
    },
    says: /does not answer as a Kubernetes API server does/,
  },
  {
    what: 'a server that speaks HTTP without TLS',
    args: async () => given(at(`https://127.0.0.1:${await listen(createHttpServer())}`)),
    says: /does not speak TLS/,
  },
  {
    what: 'a name that cannot be resolved',
    args: () => given(at('https://nowhere.invalid:6443')),
    says: /cannot be resolved|cannot be reached|cannot be asked/,
  },
  { what: 'an unknown flag', args: () => ['--nosuch'], says: /unknown option '--nosuch'/ },
  {
    what: 'an unknown command',
    args: () => ['nosuch'],
    says: /no command "nosuch": there are check, policy, plan, runbook, query, report, audit, bundle, rbac, simulate, help/,
  },
  { what: 'an unknown scenario', args: () => ['--demo', 'nosuch'], says: /no scenario "nosuch".*busy/ },
  {
    what: 'an unknown scenario to simulate',
    args: () => ['simulate', '--scenario', 'nosuch'],
    says: /no scenario "nosuch"/,
  },
  { what: 'a number that is none', args: () => ['simulate', '--nodes', 'many'], says: /--nodes is "many"/ },
  { what: 'a fault that is none', args: () => ['simulate', '--fault', 'nosuch'], says: /no fault "nosuch"/ },
];

async function closedPort(): Promise<string> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return `https://127.0.0.1:${port}`;
}

describe('one sentence, exit code 2, the terminal as it was', () => {
  it.each(cases)('$what', async ({ args, says, env, fault }) => {
    if (fault !== undefined) await cluster.fault({ id: fault });
    const { code, left, said } = await run(await args(), env);
    expect(said).toMatch(says);
    expect(said).toMatch(/^ciliscope: [^\n]+\.$|^ciliscope: [^\n]+$/);
    expect(said).not.toMatch(/\n|\bat .*:\d+:\d+|our mistake/);
    expect([code, left]).toEqual([2, []]);
  });
});

describe('a cluster that can be read only in part', () => {
  it('is opened, and says what cannot be read', async () => {
    const console = drive(process.execPath, ['bin/ciliscope.js', ...mine(), '--context', 'reader'], {
      columns: 100,
      env: { HOME: folder, XDG_STATE_HOME: folder },
    });
    await console.until(/▲ \d+\/\d+ .*forbidden/, 20_000);
    await console.until(/No permission: list pods/);
    console.press('2');
    await console.until(/── Agents .*forbidden: list/);
    await console.until(/Ask for the right to list/);
    expect(console.text()).not.toMatch(live);
    console.kill();
  });
});
